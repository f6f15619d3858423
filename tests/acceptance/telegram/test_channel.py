"""The Telegram channel over HTTP, against the strict fake."""

import pytest

from bot.channels.base import FetchError
from bot.channels.telegram.channel import TelegramChannel
from handlers.messages import Address, Choice
from storage.vocabulary import Channel, Fault, Language
from tests.acceptance.telegram.saying import a_reply, at, failed_send
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import FakeTelegram

CHOICES = (Choice("Ya", "yes"), Choice("Ubah", "edit"))


async def test_start_tells_who_we_are(channel: TelegramChannel) -> None:
    """After the start we know the bot's name, for links."""
    assert channel.username == "kanal_test_bot"


async def test_text_is_sent_as_it_stands(
    channel: TelegramChannel, citizen: Citizen, fake: FakeTelegram
) -> None:
    """What a person typed comes out as typed, without markup or previews."""
    text = "Jl. <b>Merdeka</b> *no_1* https://contoh.id [x](y) &amp;"
    result = await channel.send(at(citizen), a_reply(text))
    assert citizen.heard == [text]
    assert result.provider_id == str(citizen.messages[-1].message_id)
    assert fake.calls_of("sendMessage") == [
        {
            "chat_id": citizen.chat_id,
            "text": text,
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"remove_keyboard": True},
        }
    ]


async def test_invitation_comes_with_its_deep_link(channel: TelegramChannel, citizen: Citizen) -> None:
    """So that whoever invites can pass it on as it is."""
    await channel.send(at(citizen), a_reply("Kode: AFH37-N4AJH", start_code="AFH37-N4AJH"))
    assert citizen.heard == ["Kode: AFH37-N4AJH\n\nhttps://t.me/kanal_test_bot?start=AFH37-N4AJH"]


async def test_choices_are_buttons(channel: TelegramChannel, citizen: Citizen, fake: FakeTelegram) -> None:
    """A press brings back the question and the value."""
    await channel.send(at(citizen), a_reply("Benar?", choices=CHOICES, question="confirm"))
    assert citizen.buttons == ["Ya", "Ubah"]
    citizen.presses("Ya")
    (press,) = (update for update in fake.world.updates.values() if "callback_query" in update)
    assert press["callback_query"]["data"] == "confirm:yes"


async def test_location_keyboard_comes_and_goes(channel: TelegramChannel, citizen: Citizen) -> None:
    """The button for one's place stays until it is used or the next plain message comes."""
    ask = a_reply("Di mana?", choices=(Choice("Lewati", "skip"),), location_label="Kirim lokasi")
    await channel.send(at(citizen), ask)
    assert citizen.buttons == ["Kirim lokasi", "Lewati"]
    citizen.presses("Lewati")
    assert citizen.chat[-1] == "Lewati"
    await channel.send(at(citizen), ask)
    await channel.send(at(citizen), a_reply("Baik."))
    assert citizen.buttons == []


async def test_long_text_comes_in_parts(channel: TelegramChannel, citizen: Citizen) -> None:
    """Every part fits, and the buttons stand under the last."""
    text = "\n\n".join("💡" * 1000 for _ in range(5))
    result = await channel.send(at(citizen), a_reply(text, choices=CHOICES, question="q"))
    assert "\n\n".join(citizen.heard) == text
    assert len(citizen.heard) == 3
    assert [message.markup is not None for message in citizen.messages] == [False, False, True]
    assert result.provider_id == str(citizen.messages[-1].message_id)


@pytest.mark.parametrize("text", ["", " \n "])
async def test_empty_text_is_never_sent(channel: TelegramChannel, citizen: Citizen, text: str) -> None:
    """An empty reply fails before it reaches Telegram."""
    problem = await failed_send(channel, at(citizen), a_reply(text))
    assert (problem.fault, problem.code) == (Fault.REJECTED, "empty_text")
    assert citizen.heard == []


async def test_half_an_emoji_is_sent(channel: TelegramChannel, citizen: Citizen) -> None:
    """A text that is not well-formed goes out, mended."""
    await channel.send(at(citizen), a_reply("jalan \ud83d rusak"))
    assert citizen.heard == ["jalan � rusak"]


async def test_edit(channel: TelegramChannel, citizen: Citizen) -> None:
    """A reply that replaces a message changes it, buttons and all, and keeps its number."""
    first = await channel.send(at(citizen), a_reply("Benar?", choices=CHOICES, question="q"))
    again = await channel.send(at(citizen), a_reply("Benar: ya", replaces=first.provider_id))
    assert citizen.heard == ["Benar: ya"]
    assert citizen.buttons == []
    assert again == first


async def test_edit_without_change_is_sent(channel: TelegramChannel, citizen: Citizen) -> None:
    """A repeated edit counts as done."""
    first = await channel.send(at(citizen), a_reply("Benar?", choices=CHOICES, question="q"))
    edit = a_reply("Sudah", replaces=first.provider_id)
    await channel.send(at(citizen), edit)
    assert await channel.send(at(citizen), edit) == first
    assert citizen.heard == ["Sudah"]


@pytest.mark.parametrize("replaces", ["999999", "not-a-number"])
async def test_edit_of_what_is_gone(channel: TelegramChannel, citizen: Citizen, replaces: str) -> None:
    """If there is nothing to change the reply is sent anew."""
    result = await channel.send(at(citizen), a_reply("Benar: ya", replaces=replaces))
    assert citizen.heard == ["Benar: ya"]
    assert result.provider_id == str(citizen.messages[-1].message_id)


async def test_edit_of_a_plain_message(channel: TelegramChannel, citizen: Citizen) -> None:
    """A message that carried a keyboard's removal cannot be changed, and is sent anew."""
    first = await channel.send(at(citizen), a_reply("Satu"))
    await channel.send(at(citizen), a_reply("Dua", replaces=first.provider_id))
    assert citizen.heard == ["Satu", "Dua"]


@pytest.mark.parametrize("more", [{"location_label": "Kirim lokasi"}, {"text": "kata " * 1000}])
async def test_what_cannot_be_an_edit(
    channel: TelegramChannel, citizen: Citizen, more: dict[str, str]
) -> None:
    """A long text or a keyboard for one's place is sent anew."""
    first = await channel.send(at(citizen), a_reply("Benar?", choices=CHOICES, question="q"))
    await channel.send(at(citizen), a_reply(**{"text": "Di mana?", **more}, replaces=first.provider_id))
    assert citizen.heard[0] == "Benar?"


async def test_fetch(channel: TelegramChannel, citizen: Citizen) -> None:
    """A file is handed over whole, and only up to the size that is allowed."""
    citizen.sends_photo(b"a picture")
    ref = list(citizen.files)[-1]
    assert await channel.fetch(ref, 9) == b"a picture"
    with pytest.raises(FetchError) as caught:
        await channel.fetch(ref, 8)
    assert (caught.value.code, caught.value.is_final) == ("too_big", True)


@pytest.mark.parametrize(
    ("method", "status", "description", "code", "is_final"),
    [
        ("getFile", 400, "Bad Request: file is too big", "too_big", True),
        ("getFile", 400, "Bad Request: invalid file_id", "bad_file_id", True),
        (
            "getFile",
            400,
            "Bad Request: wrong file_id or the file is temporarily unavailable",
            "unavailable",
            False,
        ),
        ("getFile", 500, None, "network", False),
        ("getFile", 401, None, "invalid_token", False),
        ("download", 404, None, "link_gone", False),
        ("download", 502, None, "network", False),
    ],
)
async def test_fetch_fails(
    *,
    channel: TelegramChannel,
    citizen: Citizen,
    fake: FakeTelegram,
    method: str,
    status: int,
    description: str | None,
    code: str,
    is_final: bool,
) -> None:
    """A file that cannot be had says whether to ask again, and tells nobody its link."""
    citizen.sends_document(b"a letter")
    fake.faults.fail_next(method, status, description=description)
    with pytest.raises(FetchError) as caught:
        await channel.fetch(list(citizen.files)[-1], 1000)
    assert (caught.value.code, caught.value.is_final) == (code, is_final)
    assert caught.value.__context__ is None


async def test_presses_are_answered(channel: TelegramChannel, citizen: Citizen, fake: FakeTelegram) -> None:
    """A press is answered once; answering it again, too late, harms nobody."""
    await channel.send(at(citizen), a_reply("Benar?", choices=CHOICES, question="q"))
    press_id = citizen.presses_data(citizen.messages[-1].message_id, "q:yes")
    channel.answer_press_soon(press_id)
    await fake.wait_for(lambda: not fake.world.presses)
    await channel.answer_press(press_id)
    assert len(fake.calls_of("answerCallbackQuery")) == 2


async def test_stop_lets_answers_out(fake: FakeTelegram, citizen: Citizen) -> None:
    """Answers to presses that are on their way leave before the channel closes."""
    channel = TelegramChannel(fake.token, fake.url)
    channel.answer_press_soon(citizen.presses_data(citizen.says("x"), "q:yes"))
    await channel.stop()
    assert fake.world.presses == {}


async def test_menu(channel: TelegramChannel, fake: FakeTelegram) -> None:
    """Each language has its own menu, and the rest of the world one too."""
    await channel.set_menu(
        {None: [("lapor", "Buat laporan")], Language.ENGLISH: [("report", "Make a report")]}
    )
    assert fake.world.commands == {
        ("default", ""): [{"command": "lapor", "description": "Buat laporan"}],
        ("default", "en"): [{"command": "report", "description": "Make a report"}],
    }


async def test_menu_of_a_chat(channel: TelegramChannel, citizen: Citizen, fake: FakeTelegram) -> None:
    """A reply may change its chat's menu, and take the change back; other chats keep theirs."""
    channel.set_menus({"liaison": {None: [("daftar", "Antrean")], Language.ENGLISH: [("daftar", "Queue")]}})
    await channel.send(at(citizen), a_reply("Selamat bergabung.", menu="liaison"))
    mine = f"chat:{citizen.chat_id}"
    assert fake.world.commands == {
        (mine, ""): [{"command": "daftar", "description": "Antrean"}],
        (mine, "en"): [{"command": "daftar", "description": "Queue"}],
    }
    await channel.send(at(citizen), a_reply("Terima kasih.", menu=""))
    assert fake.world.commands == {}


@pytest.mark.parametrize("menu", ["liaison", "unknown", ""])
async def test_menu_fails_alone(
    channel: TelegramChannel, citizen: Citizen, fake: FakeTelegram, menu: str
) -> None:
    """A menu that cannot be set does not make its message fail."""
    channel.set_menus({"liaison": {None: [("daftar", "Antrean")]}})
    fake.faults.fail_next("setMyCommands", 502)
    fake.faults.fail_next("deleteMyCommands", 429, retry_after=9)
    result = await channel.send(at(citizen), a_reply("Baik.", menu=menu))
    assert result.provider_id == str(citizen.messages[-1].message_id)


async def test_answer_in_a_group(channel: TelegramChannel, citizen: Citizen, fake: FakeTelegram) -> None:
    """An answer hangs on the message it answers, and opens the reply to itself; if that is gone it stands alone."""
    group = fake.group(-100_7)
    asked = citizen.says("/jawab", where=group)
    to = Address(Channel.TELEGRAM, "-1007")
    await channel.send(to, a_reply("Nomor berapa?", answers=str(asked), wants_reply=True))
    await channel.send(to, a_reply("Nomor berapa?", answers="999999"))
    first, second = (message for message in group.messages.values() if message.is_ours)
    assert (first.reply_to, first.markup) == (asked, {"force_reply": True, "selective": True})
    assert (second.reply_to, second.markup) == (None, None)


async def test_webhook_is_named_openly(channel: TelegramChannel, fake: FakeTelegram) -> None:
    """The webhook asks for the kinds of update we handle, and never drops what waits."""
    await channel.set_webhook("http://127.0.0.1:9/telegram/webhook", "geheim_1")
    (params,) = fake.calls_of("setWebhook")
    assert params == {
        "url": "http://127.0.0.1:9/telegram/webhook",
        "secret_token": "geheim_1",
        "max_connections": 40,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        "drop_pending_updates": False,
    }
    await channel.delete_webhook()
    assert fake.webhook is None


async def test_waiting_updates_are_counted(channel: TelegramChannel, citizen: Citizen) -> None:
    """We can ask how many updates wait."""
    citizen.says("satu")
    assert (await channel.webhook_info()).pending_update_count == 2
