"""The guided flow as python-telegram-bot's own examples would write it: ConversationHandler and PicklePersistence.

python ptb_bot.py PORT API_URL FOLDER TOKEN SECRET
"""

import sys

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

PORT, API_URL, FOLDER, TOKEN, SECRET = sys.argv[1:]
PHOTOS, PLACE, CONFIRM = range(3)
SKIP = InlineKeyboardMarkup([[InlineKeyboardButton("Lewati", callback_data="skip")]])
SEND = InlineKeyboardMarkup([[InlineKeyboardButton("Kirim", callback_data="send")]])
Context = ContextTypes.DEFAULT_TYPE


async def story(update: Update, context: Context) -> int:
    context.user_data["story"] = update.message.text
    await update.message.reply_text(
        "Terima kasih. Ada foto? Kirim di sini, atau tulis: lewati.", reply_markup=SKIP
    )
    return PHOTOS


async def photos(update: Update, context: Context) -> int:
    context.user_data["photos"] = update.message.text
    await update.message.reply_text("Di mana tepatnya? Kirim lokasi, atau tulis: lewati.", reply_markup=SKIP)
    return PLACE


async def place(update: Update, context: Context) -> int:
    context.user_data["place"] = update.message.text
    text = f"Periksa laporan Anda:\n\n{context.user_data['story']}\n\nKirim laporan ini?"
    await update.message.reply_text(text, reply_markup=SEND)
    return CONFIRM


async def confirm(update: Update, context: Context) -> int:
    count = context.bot_data["reports"] = context.bot_data.get("reports", 0) + 1
    context.bot_data[count] = dict(context.user_data)
    context.user_data.clear()
    await update.message.reply_text(f"Laporan Anda kami terima. Nomornya:\n{count:07}")
    return ConversationHandler.END


def main() -> None:
    persistence = PicklePersistence(f"{FOLDER}/ptb.pickle")
    application = (
        Application.builder().token(TOKEN).base_url(f"{API_URL}/bot").persistence(persistence).build()
    )
    text = filters.TEXT & ~filters.COMMAND
    application.add_handler(
        ConversationHandler(
            entry_points=[MessageHandler(text, story)],
            states={
                PHOTOS: [MessageHandler(text, photos)],
                PLACE: [MessageHandler(text, place)],
                CONFIRM: [MessageHandler(text, confirm)],
            },
            fallbacks=[],
            persistent=True,
            name="report",
        )
    )
    application.run_webhook(
        "127.0.0.1",
        int(PORT),
        url_path="telegram/webhook",
        secret_token=SECRET,
        webhook_url=f"https://127.0.0.1:{PORT}/telegram/webhook",
    )


main()
