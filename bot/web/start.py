"""GET /: what this is, how to report, and where to look up a report."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.pages import Pages
from bot.web.tracking import sms_link
from handlers import pages_wording, report_wording
from handlers.cases.numbers import show
from handlers.deep_links import chat_link


def start_route(pages: Pages) -> Route:
    deployment = pages.service.deployment

    async def start(request: Request) -> Response:
        word = pages.service.voice(pages.language_of(request)).text(pages_wording.REPORT_COMMAND)
        return pages.render(
            request,
            "start.html",
            root="",
            word=word,
            telegram=chat_link(deployment.contact),
            sms=sms_link(pages, f"{word} "),
            example=show(deployment.number, report_wording.EXAMPLE_NUMBER),
        )

    return Route("/", start)
