FROM python:3.13.1-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /opt/peerpost && /opt/peerpost/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY config config
COPY relay relay
COPY screening screening
COPY storage storage
COPY templates templates
RUN /opt/peerpost/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13.1-slim-bookworm
RUN useradd --system --home-dir /var/lib/peerpost --create-home peerpost
COPY --from=build /opt/peerpost /opt/peerpost
ENV PATH=/opt/peerpost/bin:$PATH PYTHONUNBUFFERED=1
USER peerpost
WORKDIR /var/lib/peerpost
VOLUME /var/lib/peerpost
EXPOSE 8025
CMD ["peerpost", "serve"]
