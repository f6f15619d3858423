"""The guided flow as aiogram's own examples would write it: a state machine whose states are kept in Redis.

python aiogram_bot.py PORT API_URL FOLDER TOKEN SECRET    (a Redis listens on FOLDER/redis.sock)
"""

import sys

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

PORT, API_URL, FOLDER, TOKEN, SECRET = sys.argv[1:]
SKIP = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Lewati", callback_data="skip")]])
SEND = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Kirim", callback_data="send")]])
router = Router()


class Report(StatesGroup):
    photos = State()
    place = State()
    confirm = State()


@router.message(Report.photos, F.text)
async def photos(message: Message, state: FSMContext) -> None:
    await state.update_data(photos=message.text)
    await state.set_state(Report.place)
    await message.answer("Di mana tepatnya? Kirim lokasi, atau tulis: lewati.", reply_markup=SKIP)


@router.message(Report.place, F.text)
async def place(message: Message, state: FSMContext) -> None:
    data = await state.update_data(place=message.text)
    await state.set_state(Report.confirm)
    await message.answer(f"Periksa laporan Anda:\n\n{data['story']}\n\nKirim laporan ini?", reply_markup=SEND)


@router.message(Report.confirm, F.text)
async def confirm(message: Message, state: FSMContext) -> None:
    await state.clear()
    await message.answer(f"Laporan Anda kami terima. Nomornya:\n{message.message_id:07}")


@router.message(F.text)
async def story(message: Message, state: FSMContext) -> None:
    await state.update_data(story=message.text)
    await state.set_state(Report.photos)
    await message.answer("Terima kasih. Ada foto? Kirim di sini, atau tulis: lewati.", reply_markup=SKIP)


def main() -> None:
    dispatcher = Dispatcher(
        storage=RedisStorage.from_url(
            f"unix://{FOLDER}/redis.sock", connection_kwargs={"max_connections": 10_000}
        )
    )
    dispatcher.include_router(router)
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(API_URL)))
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, path="/telegram/webhook")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=int(PORT), print=None)


main()
