"""Is it an application that anybody could have got?"""

from __future__ import annotations

import re

from screening.case import Case, Finding
from screening.evidence import noted, said
from screening.folding import fold

_KINDS = {
    "apply": "it applies for a job",
    "cv": "it brings or announces a CV",
    "beg": "it asks for any job, a visa or help",
    "virtues": "it praises its author's virtues in the usual words",
}
_NAMES = re.compile(
    r"(?<![a-z])(cv|resume|curriculum|vitae|lebenslauf|bewerbung\w*|zeugnis\w*|hoja ?de ?vida"
    r"|curriculo|lettre|candidature|cover|application|anschreiben|zivotopis|oneletrajz|ozgecmis"
    r"|lamaran|biodata|certificates?|diplom\w*)(?![a-z])"
    r"|резюме|履歴書|职务経歴|職務経歴|简历|履历|이력서|자기소개서|سيره|رزومه|βιογραφικ"
)


def applicant(case: Case) -> tuple[Finding, ...]:
    """Applications, CVs and pleas for work, in the words of all applications."""
    found = list(said(case, _KINDS))
    names = [fold(one.name).replace("_", " ") for one in case.message.attachments]
    if any(_NAMES.search(name) for name in names):
        found.append(noted("cv_file", "a CV or certificates are attached"))
    return tuple(found)
