"""Why an envelope, a key or a reply can't be taken. Each says where, what was found, what to do; never a person."""


class PacketRefused(ValueError):
    """An envelope that may not be used. ``why`` is the word kept in the record of refusals."""

    why = "refused"


class Unreadable(PacketRefused):
    """The file is no envelope of ours."""

    why = "unreadable"

    def __init__(self, file: str, found: str) -> None:
        super().__init__(
            f"{file}: 不是数据包文件 expected an envelope made by `childindex packet`, found {found}. "
            "Ask the sender for the file again, unzipped and unchanged."
        )


class UnknownSender(PacketRefused):
    """Nobody whose keys were added signed it."""

    why = "unknown_sender"

    def __init__(self, file: str, sender: str, is_known: bool) -> None:
        found = "signed by another key than the one on record" if is_known else "of whom no key is on record"
        super().__init__(
            f"{file}: 发送方不可信 it says it is from {sender}, {found}. Don't use it. Ask {sender} for its public "
            "key file and, by telephone, for the fingerprint; then `childindex packet keys --add FILE --fingerprint …`."
        )


class ForSomebodyElse(PacketRefused):
    """It is sealed for another party."""

    why = "for_somebody_else"

    def __init__(self, file: str, recipient: str, own: str) -> None:
        super().__init__(
            f"{file}: 不是发给本单位的 it is sealed for {recipient} and this home is {own}; its content "
            "can't be read here. Give it back to the sender. If it names this bureau, the sender used "
            "an old key: send your key file again."
        )


class Tampered(PacketRefused):
    """Something in it was changed after it was signed."""

    why = "tampered"

    def __init__(self, file: str, part: str) -> None:
        super().__init__(
            f"{file}: 内容被改动或损坏 {part} isn't what the sender signed. Nothing of it was "
            "used. Ask the sender to send the same file again; if that fails too, "
            "tell them that somebody changes their files."
        )


class AlreadyOpened(PacketRefused):
    """It was opened before."""

    why = "already_opened"

    def __init__(self, file: str, number: str, opened: str) -> None:
        super().__init__(
            f"{file}: 已经打开过 {number} was opened on {opened} and isn't opened twice. Use what was written then. "
            "If that is lost, ask the sender to recall it and to make a new one."
        )


class WasRecalled(PacketRefused):
    """Its sender took it back."""

    why = "recalled"

    def __init__(self, file: str, number: str, recalled: str) -> None:
        super().__init__(
            f"{file}: 已被发送方撤回 {number} was recalled on {recalled}. Delete the file and what was written "
            "from it; the sender sends a new one where one is due."
        )


class NotOurs(PacketRefused):
    """A receipt, reply or recall about a packet that wasn't exchanged with its sender."""

    why = "not_ours"

    def __init__(self, file: str, kind: str, about: str, expected: str) -> None:
        super().__init__(
            f"{file}: a {kind} about {about}: {expected}. Nothing was taken. Ask the sender which packet they mean."
        )


class ReplyFaulty(PacketRefused):
    """A reply whose rows can't all be taken; none is."""

    why = "faulty_reply"

    def __init__(self, file: str, faults: list[str]) -> None:
        shown = "；".join(faults[:10])
        more = f" …（{len(faults)}）" if len(faults) > 10 else ""
        super().__init__(
            f"{file}: 回复有误，未收下任何一行 no row was taken: {shown}{more}. Mend these rows and make it again."
        )


class PartyFault(ValueError):
    """Keys or names of a party that can't be used as asked."""


class NothingToSend(LookupError):
    """No child, or no recipient with a key, for a packet."""
