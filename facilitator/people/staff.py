"""Staff: who they are, their sign-ins, and what an administrator changes about them."""

from __future__ import annotations

import hashlib
import re
import secrets

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from facilitator.people import passwords
from facilitator.people.access import Role, Unknown
from facilitator.people.passwords import Hashed
from facilitator.people.problems import FieldProblem
from facilitator.storage.engine import Database
from facilitator.storage.tables import SignIn, Staff
from facilitator.text import clean_line

HOUR_MS = 3_600_000
SIGN_IN_MS = 12 * HOUR_MS
LONGEST_NAME = 80
LONGEST_EMAIL = 254
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


def add_staff(s: Session, email: str, name: str, role: str, password: Hashed, now: int) -> Staff:
    """Add somebody who can sign in at once. ``password`` comes from ``passwords.hashed``. Raises FieldProblem."""
    if not password.startswith("$argon2"):
        raise TypeError("add_staff takes a hash, so that no password is ever stored.")
    staff = Staff(
        id=secrets.token_urlsafe(12),
        email=read_email(email),
        name=read_name(name),
        role=read_role(role),
        password_hash=password,
        created_at=now,
    )
    s.add(staff)
    try:
        s.flush()
    except IntegrityError:
        raise FieldProblem("email", "Somebody with this email is on the list already.") from None
    return staff


def find(s: Session, email: str) -> Staff | None:
    """Who has this email, in whatever case it is written."""
    return s.exec(select(Staff).where(Staff.email == email.strip().lower())).first()


def get(s: Session, staff_id: str) -> Staff:
    """The member of staff with this id. Raises Unknown."""
    staff = s.get(Staff, staff_id)
    if staff is None:
        raise Unknown("There is nobody with this address on the list.")
    return staff


def everybody(s: Session) -> list[Staff]:
    """All staff by name, those switched off last."""
    return list(s.exec(select(Staff).order_by(col(Staff.active).desc(), Staff.name, Staff.email)))


def recognise(db: Database, email: str, password: str) -> Staff | None:
    """Who this is; None for a wrong or unknown email or password, and for somebody switched off.

    Nobody can tell these apart, not even by the time it takes. The hash is compared outside any transaction.
    """
    with db.read() as s:
        known = find(s, email)
    right, newer = passwords.verified(password, known.password_hash if known and known.active else None)
    if known is None or not right:
        return None
    if newer:
        with db.write() as s:
            s.exec(
                update(Staff)
                .where(col(Staff.id) == known.id, col(Staff.password_hash) == known.password_hash)
                .values(password_hash=newer)
            )
        known.password_hash = newer
    return known


def sign_in(s: Session, known: Staff, now: int) -> str | None:
    """Start a sign-in of 12 hours for somebody just recognised and give back its token.

    None when, since then, they were switched off or given another password.
    """
    staff = s.get(Staff, known.id)
    if staff is None or not staff.active or staff.password_hash != known.password_hash:
        return None
    return open_sign_in(s, staff.id, now)


def open_sign_in(s: Session, staff_id: str, now: int) -> str:
    """Start a sign-in and give back its token, of which only the SHA-256 is kept. Forgets those that have ended."""
    s.exec(delete(SignIn).where(col(SignIn.expires_at) <= now))
    token = secrets.token_urlsafe(32)
    s.add(SignIn(digest=_digest(token), staff_id=staff_id, expires_at=now + SIGN_IN_MS))
    return token


def signed_in(s: Session, token: str, now: int) -> Staff | None:
    """Whose sign-in this token is, while it lasts and the person is active."""
    query = (
        select(Staff)
        .join(SignIn, col(SignIn.staff_id) == Staff.id)
        .where(SignIn.digest == _digest(token), SignIn.expires_at > now, col(Staff.active))
    )
    return s.exec(query).first()


def sign_out(s: Session, token: str) -> None:
    """End one sign-in."""
    s.exec(delete(SignIn).where(col(SignIn.digest) == _digest(token)))


def switch_off(s: Session, staff_id: str) -> Staff:
    """Let somebody in no more, at once. What they wrote stays. Raises FieldProblem for the last administrator."""
    staff = get(s, staff_id)
    _keep_one_administrator(s, staff)
    staff.active = False
    _end_sign_ins(s, staff_id)
    return staff


def switch_on(s: Session, staff_id: str) -> Staff:
    """Let somebody in again, with the password they had."""
    staff = get(s, staff_id)
    staff.active = True
    return staff


def change_role(s: Session, staff_id: str, role: str) -> Staff:
    """Give somebody another role; they sign in again to use it. Raises FieldProblem."""
    staff, wanted = get(s, staff_id), read_role(role)
    if wanted != staff.role:
        _keep_one_administrator(s, staff)
        staff.role = wanted
        _end_sign_ins(s, staff_id)
    return staff


def set_password(s: Session, staff_id: str, password: Hashed) -> Staff:
    """Give somebody a new password, which ends all their sign-ins."""
    staff = get(s, staff_id)
    staff.password_hash = password
    _end_sign_ins(s, staff_id)
    return staff


def read_email(text: str) -> str:
    """An email as it is kept: lower case. Raises FieldProblem, or BadText for characters that cannot be taken."""
    email = clean_line(text, longest=LONGEST_EMAIL, name="Email").lower()
    if not EMAIL.fullmatch(email):
        raise FieldProblem("email", "Write an email like fern@clinic.example.")
    return email


def read_name(text: str) -> str:
    """A name as it is shown. Raises FieldProblem, or BadText for characters that cannot be taken."""
    name = clean_line(text, longest=LONGEST_NAME, name="Name")
    if not name:
        raise FieldProblem("name", "Write the name that colleagues use.")
    return name


def read_role(text: str) -> Role:
    """A role by its word. Raises FieldProblem."""
    try:
        return Role(text)
    except ValueError:
        raise FieldProblem("role", "Choose facilitator, supervisor or administrator.") from None


def _keep_one_administrator(s: Session, staff: Staff) -> None:
    administrators = select(Staff.id).where(Staff.role == Role.ADMINISTRATOR, col(Staff.active)).order_by(Staff.id)
    # Locked, so that two administrators cannot switch each other off at the same moment.
    if s.exec(administrators.with_for_update()).all() == [staff.id]:
        raise FieldProblem("", "This is the last administrator. Make somebody else an administrator first.")


def _end_sign_ins(s: Session, staff_id: str) -> None:
    s.exec(delete(SignIn).where(col(SignIn.staff_id) == staff_id))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
