FROM python:3.13.1-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /opt/peerpost && /opt/peerpost/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY config config
COPY relay relay
COPY screening screening
COPY storage storage
COPY templates templates
# Compiled here, since the file system is read-only where it runs.
RUN /opt/peerpost/bin/pip install --no-cache-dir --no-deps . && /opt/peerpost/bin/python -m compileall -q /opt/peerpost/lib

FROM python:3.13.1-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/peerpost --create-home peerpost && chmod 700 /var/lib/peerpost
COPY --from=build /opt/peerpost /opt/peerpost
ENV PATH=/opt/peerpost/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# By number: orchestrators that ask for somebody other than root cannot look up names.
USER 10001
WORKDIR /var/lib/peerpost
VOLUME /var/lib/peerpost
EXPOSE 8025
STOPSIGNAL SIGTERM
CMD ["peerpost", "serve"]
