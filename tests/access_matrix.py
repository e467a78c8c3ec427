"""Who may reach what, written down a second time: every route and method, every command, every socket event.

``test_access_matrix.py`` fails when the application has one that is missing here, and tries every cell.
"""

from __future__ import annotations

ROLES = (
    "stranger", "phone", "facilitator", "co_facilitator", "elsewhere", "supervisor", "administrator", "switched_off",
)  # fmt: skip
ALL = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()
LEADS = frozenset({"facilitator", "co_facilitator"})
READERS = LEADS | {"supervisor"}
CLINICIANS = READERS | {"elsewhere"}
STAFF = CLINICIANS | {"administrator"}
ADMINISTRATOR = frozenset({"administrator"})
SUPERVISOR = frozenset({"supervisor"})
# A facilitator reads the rosters of the groups that are theirs; a co-facilitator sees tonight's on the console.
ROSTER_READERS = frozenset({"facilitator", "supervisor", "administrator"})
# This supervisor is assigned to the group, and so may plan its sessions; leading them is another thing.
PLANNERS = LEADS | {"supervisor"}

ROUTES: dict[tuple[str, str], frozenset[str]] = {
    ("assets.file", "GET"): ALL,
    ("health.healthz", "GET"): ALL,
    ("staff.sign_in", "GET"): ALL,
    ("staff.sign_in_now", "POST"): ALL,
    ("staff.sign_out", "POST"): STAFF,
    ("staff.index", "GET"): ADMINISTRATOR,
    ("staff.add", "GET"): ADMINISTRATOR,
    ("staff.add_now", "POST"): ADMINISTRATOR,
    ("staff.show", "GET"): ADMINISTRATOR,
    ("staff.change_role", "POST"): ADMINISTRATOR,
    ("staff.set_password", "POST"): ADMINISTRATOR,
    ("staff.switch_off", "POST"): ADMINISTRATOR,
    ("staff.switch_on", "POST"): ADMINISTRATOR,
    ("groups.index", "GET"): STAFF,
    ("groups.show", "GET"): ROSTER_READERS,
    ("groups.add", "GET"): ADMINISTRATOR,
    ("groups.add_now", "POST"): ADMINISTRATOR,
    ("groups.change", "GET"): ADMINISTRATOR,
    ("groups.rename", "POST"): ADMINISTRATOR,
    ("groups.follow", "POST"): ADMINISTRATOR,
    ("groups.switch_off", "POST"): ADMINISTRATOR,
    ("groups.switch_on", "POST"): ADMINISTRATOR,
    ("groups.assign", "POST"): ADMINISTRATOR,
    ("groups.add_member", "POST"): ADMINISTRATOR,
    ("groups.member", "GET"): ADMINISTRATOR,
    ("groups.rename_member", "POST"): ADMINISTRATOR,
    ("groups.take_off", "POST"): ADMINISTRATOR,
    ("groups.put_back", "POST"): ADMINISTRATOR,
    ("plans.index", "GET"): STAFF,
    ("plans.show", "GET"): STAFF,
    ("plans.print_out", "GET"): STAFF,
    ("curricula.show", "GET"): STAFF,
    ("plans.history", "GET"): STAFF,
    ("plans.version", "GET"): STAFF,
    ("plans.version_print_out", "GET"): STAFF,
    ("plans.export", "GET"): STAFF,
    ("plans.bring", "GET"): CLINICIANS,
    ("plans.bring_now", "POST"): CLINICIANS,
    ("plans.drafts", "GET"): CLINICIANS,
    ("plans.start", "POST"): CLINICIANS,
    ("plans.look", "POST"): CLINICIANS,
    ("plans.clean", "POST"): CLINICIANS,
    ("plans.edit", "GET"): CLINICIANS,
    ("plans.keep", "POST"): CLINICIANS,
    ("plans.save", "POST"): CLINICIANS,
    ("plans.discard", "GET"): CLINICIANS,
    ("plans.discard_now", "POST"): CLINICIANS,
    ("plans.confirm", "GET"): CLINICIANS,
    ("plans.publish", "POST"): CLINICIANS,
    ("plans.begin", "GET"): CLINICIANS,
    ("plans.go_on", "POST"): CLINICIANS,
    ("plans.begin_plan", "GET"): CLINICIANS,
    ("plans.go_on_plan", "POST"): CLINICIANS,
    ("sessions.index", "GET"): CLINICIANS,
    ("sessions.schedule", "GET"): CLINICIANS,
    ("sessions.schedule_now", "POST"): CLINICIANS,
    ("sessions.show", "GET"): READERS,
    ("sessions.plan", "GET"): READERS,
    ("sessions.plan_print_out", "GET"): READERS,
    ("sessions.change", "GET"): PLANNERS,
    ("sessions.change_now", "POST"): PLANNERS,
    ("sessions.cancel", "GET"): PLANNERS,
    ("sessions.cancel_now", "POST"): PLANNERS,
    ("sessions.ended", "GET"): LEADS,
    ("sessions.settle", "POST"): LEADS,
    ("week.show", "GET"): CLINICIANS,
    ("console.show", "GET"): LEADS,
    ("console.command", "POST"): LEADS,
    ("console.view", "GET"): LEADS,
    ("console.qr", "GET"): LEADS,
    ("console.cards", "GET"): LEADS,
    ("review.index", "GET"): SUPERVISOR,
    ("review.trends", "GET"): SUPERVISOR,
    ("review.group_file", "GET"): SUPERVISOR,
    ("review.show", "GET"): READERS,
    ("review.record_file", "GET"): READERS,
    ("review.waiting", "GET"): SUPERVISOR,
    ("review.duty", "POST"): SUPERVISOR,
    ("review.handle", "POST"): SUPERVISOR,
    ("review.co_sign", "POST"): SUPERVISOR,
    ("review.give_back", "POST"): SUPERVISOR,
    ("review.note", "GET"): READERS,
    ("review.save_note", "POST"): LEADS,
    ("review.sign_note", "POST"): LEADS,
    ("review.add_to_note", "POST"): LEADS,
    ("phone.join", "GET"): ALL,
    ("phone.join", "POST"): ALL,
    ("phone.room", "GET"): ALL,
    ("phone.seat", "POST"): ALL,
    ("phone.answer", "POST"): frozenset({"phone"}),
    ("phone.view", "GET"): frozenset({"phone"}),
    ("phone.help", "GET"): ALL,
    ("phone.ask_for_staff", "POST"): frozenset({"phone"}),
    ("phone.leave", "POST"): ALL,
    ("phone.forget", "POST"): ALL,
    ("phone.private", "GET"): ALL,
    ("phone.away", "GET"): ALL,
    ("projector.show", "GET"): ALL,
    ("projector.view", "GET"): ALL,
    ("projector.qr", "GET"): ALL,
}

COMMANDS = frozenset(
    {
        "OpenDoors", "Start", "EnterSegment", "PauseTimer", "ResumeTimer", "AddTime", "OpenCheckIn", "CloseCheckIn",
        "ApproveCard", "LeaveOutCard",
        "ShowTally", "HideTally", "AskAloud", "Blank", "Unblank", "ShowJoin", "HideJoin", "Lock", "Unlock", "Admit",
        "StartExercise", "StepExercise", "StopExercise",
        "MarkSegment", "MarkAttendance", "AddGuest", "AddNote", "HandleRequest", "Undo", "TakeControl", "End",
        "Reopen",
    }
)  # fmt: skip

# Who may connect to a namespace, with whatever credential they have, and which events it then hears.
NAMESPACES = {"/": NOBODY, "/console": LEADS, "/projector": frozenset({"screen"}), "/phone": frozenset({"phone"})}
EVENTS = {
    ("/", "connect"),
    ("/console", "connect"), ("/console", "disconnect"), ("/console", "*"),
    ("/projector", "connect"), ("/projector", "disconnect"), ("/projector", "*"),
    ("/phone", "connect"), ("/phone", "disconnect"), ("/phone", "*"),
    ("/phone", "answer"), ("/phone", "ask_for_staff"), ("/phone", "leave"),
}  # fmt: skip
