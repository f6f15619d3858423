"""A poster (A4) and a sheet of cards for the wallet: one HTML file that is ready to print and needs nothing else."""

import segno

from bot.web.pages import templates
from handlers import poster_wording
from handlers.conversation.flows.facts import area_label, area_name
from handlers.deep_links import area_payload_of, chat_link
from handlers.deployment import Deployment
from handlers.deployment_parts import Agency, Area
from handlers.service import Service
from storage.vocabulary import AreaLevel, Language

#: of 85.6 × 54 mm (ISO/IEC 7810, ID-1), so many fit a sheet
CARDS = 10
#: a code that is a quarter hidden by dirt or a staple can still be read
ERROR_CORRECTION = "q"
#: modules of white around a code, which readers need (ISO/IEC 18004)
QUIET_ZONE = 4


def print_sheets(service: Service, language: Language, area: Area | None, agency: Agency | None) -> str:
    """Return the HTML; `area`: where it is to hang, `agency`: whose it is. One of the contacts must be known."""
    deployment, voice = service.deployment, service.voice(language)
    link = chat_link(deployment.contact, area_payload_of(area.code) if area else "")
    return (
        templates()
        .get_template("poster.html")
        .render(
            language=language,
            say=voice.text,
            words=poster_wording,
            deployment=deployment,
            service_name=deployment.service_name[language],
            whose=_whose(service, language, area, agency),
            example_area=area_name((area or _some_village(deployment)).code, deployment, voice),
            link=link,
            code=_code(link) if link else None,
            cards=CARDS,
        )
    )


def _code(link: str) -> str:
    """Return the QR code as SVG, as large as the place it stands in."""
    return segno.make_qr(link, error=ERROR_CORRECTION).svg_inline(border=QUIET_ZONE, omitsize=True)


def _whose(service: Service, language: Language, area: Area | None, agency: Agency | None) -> str:
    """Return the line under the name of the service."""
    deployment = service.deployment
    names = [agency.name] if agency else []
    if area:
        names.append(area_label(area.code, deployment, service.voice(language)))
    return " · ".join(names) or deployment.name


def _some_village(deployment: Deployment) -> Area:
    return next((one for one in deployment.areas if one.level is AreaLevel.VILLAGE), deployment.areas[0])
