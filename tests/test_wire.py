"""What a stranger can put on the wire: nothing of it changes anything, and everybody else goes on as before."""

from __future__ import annotations

import json
import socket
import statistics
import time
from collections.abc import Callable, Iterator

import pytest
import websocket
from websocket import ABNF

from facilitator.realtime import store
from facilitator.realtime.seats import digest_of
from tests.browser import PATIENCE_S, Browser
from tests.evening import MOOD, Evening
from tests.server import Served

LINE = "/socket.io/?EIO=4&transport=websocket"
POSTING = "/socket.io/?EIO=4&transport=polling"
SAID_AT_ONCE_S = 0.5
MEMORY_KIB = 20_000
LIMIT = 16_384
DEEP = "[" * 100_000
DIGITS = "9" * 5_000
FLOOD_FRAMES, FLOOD_PATIENCE_S = 4_000, 5


class Raw:
    """A WebSocket to the sockets' door, for whatever packets one likes."""

    def __init__(self, url: str, **options: object) -> None:
        address = url.replace("http", "ws", 1) + LINE
        self.line = websocket.create_connection(address, timeout=PATIENCE_S, suppress_origin=True, **options)
        self.line.recv()

    def join(self, namespace: str, auth: object) -> str:
        """Ask to be let into a namespace; the answer: 40 or 44."""
        self.line.send(f"40{namespace},{json.dumps(auth)}")
        return self.next("40", "44")[:2]

    def next(self, *kinds: str) -> str:
        """The next packet of these kinds. Raises ConnectionError when the server hangs up before."""
        while True:
            try:
                packet = self.line.recv()
            except websocket.WebSocketException as error:
                raise ConnectionError("hung up") from error
            if not packet:
                raise ConnectionError("hung up")
            if packet.startswith(kinds):
                return str(packet)

    def send(self, text: str) -> None:
        """Send one text frame; a server that has hung up already is no error."""
        self.frame(text, ABNF.OPCODE_TEXT)

    def frame(self, data: str | bytes, opcode: int, fin: int = 1) -> bool:
        """Send one frame of any sort; whether the line still took it."""
        try:
            self.line.send_frame(ABNF.create_frame(data, opcode, fin))
        except (websocket.WebSocketException, OSError):
            return False
        return True

    def flood(self, data: str | bytes, opcode: int, fin: int = 1) -> None:
        """Send one frame after the other until the line takes no more. A server that reads none keeps none either."""
        self.line.settimeout(FLOOD_PATIENCE_S)
        for _ in range(FLOOD_FRAMES):
            if not self.frame(data, opcode, fin):
                return

    def is_hung_up(self, within: float = PATIENCE_S) -> bool:
        """Whether the server ends the line in time."""
        self.line.settimeout(within)
        try:
            while True:
                self.next("")
        except websocket.WebSocketTimeoutException:
            return False
        except (ConnectionError, OSError):
            return True

    def close(self) -> None:
        """Go away without a word."""
        self.line.shutdown()


Knock = Callable[..., Raw]


@pytest.fixture
def knock(served: Served) -> Iterator[Knock]:
    """Opens lines that nobody asked for; at the end they are gone."""
    lines: list[Raw] = []

    def knock(**options: object) -> Raw:
        lines.append(Raw(served.url, **options))
        return lines[-1]

    yield knock
    for line in lines:
        line.close()


@pytest.fixture(scope="module")
def evening(served: Served) -> Iterator[Evening]:
    """A live session with an open check-in, four phones and a projector, which go on through everything."""
    evening = Evening(served)
    evening.go_live(phones=4)
    evening.projector()
    evening.ask(MOOD)
    check_in = evening.phones[0].screen.until(lambda view: view["check_in"])["check_in"]["id"]
    evening.phones[0].answer(check_in, 3)
    yield evening
    evening.close()


@pytest.fixture(autouse=True)
def nothing_changes(served: Served, evening: Evening) -> Iterator[None]:
    """Whatever a story does: no row changes, nothing is said on standard error, and everybody is still there."""
    before = served.fingerprint()
    yield
    assert Browser(served.url).get("/healthz").json() == {"status": "ok"}
    for phone in evening.phones:
        assert phone.screen.is_connected and phone.look()["check_in"]
    assert served.fingerprint() == before
    assert served.server.said_wrong() == ""


BEFORE_JOINING = {
    "an event": '42["answer",{}]',
    "an event of phones": '42/phone,1["answer",{"check_in":"x","value":1}]',
    "half an event": '42["e"]',
    "an acknowledgement": "431[]",
    "a refusal": "44{}",
    "going": "41",
    "binary": '451-["answer",{"_placeholder":true,"num":0}]',
    "no such type": "49",
    "no such packet": "9",
    "no packet": "x",
    "nothing": "",
    "not base64": "b!!!",
    "base64": "bAAAA",
    "a probe": "2probe",
    "an upgrade": "5",
    "opening": "0{}",
    "a namespace that is not": "40/admin,{}",
    "the plain namespace": "40{}",
    "a seat that is no text": '40/phone,{"seat":{"$ne":null}}',
    "a seat that is no object": '40/phone,["seat"]',
    "a seat of numbers": '40/phone,{"seat":[1,2]}',
    "no seat": "40/phone,",
    "a seat without end": '40/phone,{"seat":"' + "A" * 10_000 + '"}',
    "a seat with NUL": '40/phone,{"seat":"a\\u0000b"}',
    "half a surrogate": '40/phone,{"seat":"\\ud800"}',
    "a deep seat": '40/phone,{"seat":' + "[" * 4_000 + "]" * 4_000 + "}",
    "a screen that is not": '40/projector,{"screen":"made-up"}',
    "a screen with NUL": '40/projector,{"screen":"a\\u0000b"}',
    "a console without a cookie": '40/console,{"session":"made-up"}',
}


@pytest.mark.parametrize("packet", BEFORE_JOINING.values(), ids=BEFORE_JOINING)
def test_whoever_is_not_in_can_say_nothing(packet: str, knock: Knock) -> None:
    stranger = knock()
    stranger.send(packet)
    stranger.send('42/phone,7["answer",{"check_in":"x","value":1}]')
    stranger.line.settimeout(SAID_AT_ONCE_S / 5)
    heard = []
    try:
        while True:
            heard.append(stranger.next(""))
    except (ConnectionError, OSError, websocket.WebSocketException):
        pass
    assert not [one for one in heard if one.startswith(("40", "42", "43"))]


# What comes after ``42/phone,1``: an event that asks for an acknowledgement.
EVENTS = {
    "half JSON": '["bad"',
    "no JSON": "bad",
    "no event": "[]",
    "an object": '{"answer":1}',
    "a name that is a number": "[1,2]",
    "a name that is a list": "[[],{}]",
    "no name": "[null]",
    "only a name": '["answer"]',
    "too many things": '["answer",{},{}]',
    "an unknown event": '["EnterSegment",{"segment":2}]',
    "an event of the library": '["connect",{},{"seat":"x"}]',
    "another of the library": '["disconnect"]',
    "everything": '["*"]',
    "an answer that is text": '["answer","yes"]',
    "an answer without a value": '["answer",{"check_in":"CHECK_IN"}]',
    "an answer with more": '["answer",{"check_in":"CHECK_IN","value":1,"seat":"x"}]',
    "a check-in that is not": '["answer",{"check_in":"made-up","value":1}]',
    "a check-in that is a list": '["answer",{"check_in":["CHECK_IN"],"value":1}]',
    "a check-in with NUL": '["answer",{"check_in":"\\u0000","value":1}]',
    "half a surrogate": '["answer",{"check_in":"\\ud800","value":1}]',
    "a value out of range": '["answer",{"check_in":"CHECK_IN","value":11}]',
    "a negative value": '["answer",{"check_in":"CHECK_IN","value":-1}]',
    "a huge value": '["answer",{"check_in":"CHECK_IN","value":1000000000000000000000000000000}]',
    "a value with an exponent": '["answer",{"check_in":"CHECK_IN","value":1e400}]',
    "five thousand digits": '["answer",{"check_in":"CHECK_IN","value":' + DIGITS + "}]",
    "not a number": '["answer",{"check_in":"CHECK_IN","value":NaN}]',
    "infinity": '["answer",{"check_in":"CHECK_IN","value":-Infinity}]',
    "half a value": '["answer",{"check_in":"CHECK_IN","value":3.5}]',
    "true": '["answer",{"check_in":"CHECK_IN","value":true}]',
    "text": '["answer",{"check_in":"CHECK_IN","value":"5"}]',
    "a list": '["answer",{"check_in":"CHECK_IN","value":[5]}]',
    "a long list": '["answer",{"check_in":"CHECK_IN","value":[' + "1," * 4_000 + "1]}]",
    "an object as a value": '["answer",{"check_in":"CHECK_IN","value":{"$gt":0}}]',
    "a deep value": '["answer",{"check_in":"CHECK_IN","value":' + "[" * 4_000 + "]" * 4_000 + "}]",
    "no name to call": '["ask_for_staff",{}]',
    "a name that is no text": '["ask_for_staff",{"name":5}]',
    "a name without end": '["ask_for_staff",{"name":"' + "A" * 5_000 + '"}]',
    "a name with NUL": '["ask_for_staff",{"name":"a\\u0000b"}]',
    "a name of half a surrogate": '["ask_for_staff",{"name":"\\ud800"}]',
    "a name turned around": '["ask_for_staff",{"name":"\\u202eabc"}]',
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_a_phone_that_talks_nonsense_is_told_so(evening: Evening, event: str, knock: Knock) -> None:
    phone = knock()
    assert phone.join("/phone", {"seat": evening.phones[0].seat}) == "40"
    check_in = evening.phones[0].screen.shown()["check_in"]["id"]
    phone.send("42/phone,1" + event.replace("CHECK_IN", check_in))
    ack = json.loads(phone.next("43").removeprefix("43/phone,1"))[0]
    assert ack["ok"] is False and ack["message"].endswith(".")


PACKETS = {
    "an id without end": "42/phone," + "1" * 200 + '["answer",{}]',
    "a strange digit": '42/phone,\u00b2["answer",{}]',
    "a type in another script": '4\u0662["answer",{}]',
    "an acknowledgement nobody waits for": "43/phone,99[1]",
    "an acknowledgement of everything": "43/phone,0",
    "a binary event that never comes": '459-/phone,["answer",{"_placeholder":true,"num":0}]',
    "a thousand million attachments": '459999999999-/phone,["answer"]',
    "a binary event of nothing": '450-/phone,["answer",{}]',
    "a second connect": '40/phone,{"seat":"made-up"}',
    "a namespace with a question": '40/phone?seat=x,{"seat":"x"}',
    "JSON that is deep": "42/phone,1" + DEEP[:16_000],
    "JSON that is deeper": "42/phone,1" + DEEP,
}


@pytest.mark.parametrize("packet", PACKETS.values(), ids=PACKETS)
def test_a_packet_that_is_none_harms_nobody(evening: Evening, packet: str, knock: Knock) -> None:
    phone = knock()
    phone.join("/phone", {"seat": evening.phones[0].seat})
    phone.send(packet)
    # An attachment, if it waits for one; then something that would change the database if it were believed.
    phone.frame(b"\x00" * 10, ABNF.OPCODE_BINARY)
    phone.is_hung_up(within=SAID_AT_ONCE_S / 5)


def test_a_made_up_event_of_the_library_takes_nobody_out_of_the_count(evening: Evening, knock: Knock) -> None:
    phone = knock()
    phone.join("/phone", {"seat": evening.phones[0].seat})
    for event in ("disconnect", "connect"):
        phone.send(f'42/phone,["{event}",{{}},{{"seat":"{evening.phones[1].seat}"}}]')
    phone.is_hung_up(within=SAID_AT_ONCE_S)
    assert evening.view()["phones"] == 4


def test_a_seat_or_a_screen_of_another_session_opens_only_that_one(evening: Evening, knock: Knock) -> None:
    check_in = evening.phones[0].screen.shown()["check_in"]["id"]
    digest = digest_of(evening.phones[0].seat)
    for seat in ("made-up", evening.session.screen_token, digest, evening.code, "x" * 10_000):
        assert knock().join("/phone", {"seat": seat}) == "44"
    for token in ("made-up", evening.phones[0].seat, evening.id, evening.code):
        assert knock().join("/projector", {"screen": token}) == "44"
    line = knock()
    assert line.join("/projector", {"screen": evening.session.screen_token}) == "40"
    line.send(f'42/projector,1["answer",{{"check_in":"{check_in}","value":1}}]')
    assert '"ok":false' in line.next("43")


@pytest.mark.parametrize("size", [LIMIT + 1, 65_000, 1_000_000])
def test_a_frame_that_is_too_large_is_not_read(served: Served, size: int, knock: Knock) -> None:
    before = served.server.memory_kib()
    stranger = knock()
    stranger.send("4" + "2" * size)
    assert stranger.is_hung_up()
    assert served.server.memory_kib() - before < MEMORY_KIB


def test_a_message_in_pieces_is_not_kept_for_ever(served: Served, knock: Knock) -> None:
    before = served.server.memory_kib()
    stranger = knock()
    stranger.frame("4" + "2" * 10_000, ABNF.OPCODE_TEXT, fin=0)
    stranger.flood("2" * 10_000, ABNF.OPCODE_CONT, fin=0)
    assert stranger.is_hung_up()
    assert served.server.memory_kib() - before < MEMORY_KIB


def test_attachments_are_not_kept_for_ever(evening: Evening, knock: Knock) -> None:
    before = evening.served.server.memory_kib()
    phone = knock()
    phone.join("/phone", {"seat": evening.phones[0].seat})
    phone.send('45999999999-/phone,["answer",{"_placeholder":true,"num":0}]')
    phone.flood(b"\x00" * 10_000, ABNF.OPCODE_BINARY)
    assert phone.is_hung_up()
    assert evening.served.server.memory_kib() - before < MEMORY_KIB


def test_compression_is_not_agreed_on(knock: Knock) -> None:
    extension = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
    stranger = knock(header=[extension])
    assert "sec-websocket-extensions" not in stranger.line.getheaders()
    # A frame that says it is compressed all the same.
    stranger.line.send_frame(ABNF(1, 1, 0, 0, ABNF.OPCODE_TEXT, 1, b"\xca\x48\xcd\xc9\xc9\x07\x00"))
    assert stranger.is_hung_up()


HANDSHAKES = {
    "of 2010": ("Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5", "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00"),
    "of 2009": (),
    "of a version that never was": ("Sec-WebSocket-Version: 99", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
    "without a key": ("Sec-WebSocket-Version: 13",),
    "with a broken key": ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: x"),
}


@pytest.mark.parametrize("origin", ["", "Origin: {}"], ids=["from nowhere", "from our page"])
@pytest.mark.parametrize("headers", HANDSHAKES.values(), ids=HANDSHAKES)
def test_a_handshake_that_is_none_opens_no_line(served: Served, headers: tuple[str, ...], origin: str) -> None:
    asked = ("Connection: Upgrade", "Upgrade: websocket", origin.format(served.url), *headers)
    assert said_to(served, f"GET {LINE}", *filter(None, asked)).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("address", ["http://[::1/", "http://[x]/", "//[", "/?said=\xff", "/j/\xff", "*", "x:y", "/%"])
def test_an_address_that_is_none_is_answered_calmly(served: Served, address: str) -> None:
    assert said_to(served, f"GET {address}", "Connection: close").startswith((b"HTTP/1.1 2", b"HTTP/1.1 4"))


def said_to(served: Served, request: str, *headers: str) -> bytes:
    """The first words of the answer to a request that no library would send, with 8 bytes behind it."""
    lines = (f"{request} HTTP/1.1", "Host: 127.0.0.1", *headers, "", "8 bytes.")
    with socket.create_connection(("127.0.0.1", served.server.port), PATIENCE_S) as line:
        line.sendall("\r\n".join(lines).encode("latin-1"))
        return line.recv(64)


def test_one_phone_that_floods_starts_no_threads_and_disturbs_nobody(evening: Evening, knock: Knock) -> None:
    threads = evening.served.server.threads()
    phone = knock()
    phone.join("/phone", {"seat": evening.phones[0].seat})
    for number in range(1_500):
        phone.send(f'42/phone,{number}["answer",{{"check_in":"made-up","value":1}}]')
    most = evening.served.server.threads()
    began = time.monotonic()
    assert evening.phones[1].answer("made-up", 1)["ok"] is False
    took = time.monotonic() - began
    assert phone.is_hung_up()
    assert most - threads <= 6
    assert took < PATIENCE_S / 4


def test_packets_by_post_are_bounded_too(served: Served) -> None:
    browser = Browser(served.url)
    before = served.server.memory_kib()
    for body in ("x" * 1_000_000, "42" + "\x1e42" * 5_000, "\x1e" * 1_000, "9", '40/phone,{"seat":' + DEEP[:5_000]):
        answer = browser.post(f"{POSTING}&sid={posting(browser)}", data=body)
        assert answer.status_code in (200, 400)
    for length in ("-1", "x", "16385", "9" * 30, "1_0"):
        request = f"POST {POSTING}&sid={posting(browser)}"
        assert said_to(served, request, f"Content-Length: {length}").split()[1] == b"400"
    assert served.server.memory_kib() - before < MEMORY_KIB


def posting(browser: Browser) -> str:
    """Open a line without a WebSocket; its id."""
    return str(json.loads(browser.get(POSTING).text[1:])["sid"])


def test_a_line_opened_by_post_takes_no_more_than_it_may(served: Served) -> None:
    browser = Browser(served.url)
    for address in ("", "EIO=3&transport=websocket", "EIO=4&transport=flashsocket", "EIO=4&sid=x", "EIO=4&j=x"):
        assert browser.get(f"/socket.io/?{address}").status_code == 400
    for method in ("PUT", "DELETE", "PATCH"):
        assert browser.http.request(method, f"{served.url}/socket.io/?EIO=4").status_code in (400, 405)


def test_two_small_frames_in_a_row_arrive_at_once(evening: Evening, knock: Knock) -> None:
    gaps = []
    for _ in range(15):
        # Being let in is two packets: the view, and the word. Nagle's algorithm would hold the second for 40 ms.
        line = knock()
        line.line.send(f'40/phone,{{"seat":"{evening.phones[0].seat}"}}')
        line.next("42")
        began = time.perf_counter()
        line.next("40")
        gaps.append(time.perf_counter() - began)
    assert statistics.median(gaps) < 0.030


def test_no_log_holds_a_seat_or_an_answer(served: Served, evening: Evening) -> None:
    phone = evening.phones[0]
    check_in = phone.screen.shown()["check_in"]["id"]
    Browser(served.url).get(f"/j/{evening.code}/view", headers={"X-Seat": phone.seat})
    written = served.server.log.read_text()
    with served.db.read() as db:
        responders = store.responders(db, check_in)
    assert responders
    secrets = {phone.seat, digest_of(phone.seat), check_in, evening.session.screen_token, evening.session.join_code}
    assert not [secret for secret in secrets | responders if secret in written]
