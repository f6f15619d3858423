"""A web server that does nothing with what is posted: what is left when everything else is taken away.

python -m benchmarks.bare PORT
"""

import json
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def webhook(request: Request) -> Response:
    json.loads(await request.body())
    return Response()


if __name__ == "__main__":
    web = Starlette(routes=[Route("/telegram/webhook", webhook, methods=["POST"])])
    uvicorn.run(web, port=int(sys.argv[1]), log_config=None, access_log=False, lifespan="off")
