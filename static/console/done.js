/** What was just done, in words, and whether it can be taken back. */

const MARKS = { present: "here", late: "late", left_early: "left early", absent: "absent", excused: "excused" };

const DONE = {
  EnterSegment: ({ segment }, view) => `Now: ${view.segments[segment].title}`,
  PauseTimer: () => "Timer paused",
  ResumeTimer: () => "Timer runs again",
  AddTime: ({ seconds }) => (seconds > 0 ? `${seconds / 60} min more` : `${-seconds / 60} min less`),
  ApproveCard: () => "The group may see this card",
  LeaveOutCard: () => "This card stays out",
  ShowTally: () => "Shown to the room",
  HideTally: () => "Taken off the screen",
  AskAloud: () => "The question is on the screen",
  StartExercise: () => "The exercise has begun",
  StepExercise: ({ exercise, step }, _view, _nameOf, stepOf) => stepOf(exercise, step),
  StopExercise: () => "The exercise is off the screens",
  Blank: () => "Screens are calm, the timer stands",
  Unblank: () => "Everything is back",
  ShowJoin: () => "The join page is on the screen",
  HideJoin: () => "The join page is off the screen",
  Lock: () => "The door is locked. New phones wait",
  Unlock: () => "The door is open to new phones",
  MarkSegment: ({ segment, mark }, view) => `${view.segments[segment].title}: ${mark}`,
  MarkAttendance: ({ member, mark }, _view, nameOf) => `${nameOf(member)}: ${MARKS[mark]}`,
  AddGuest: ({ name }) => `${name} is on tonight's list`,
  AddNote: () => "Note kept",
};
const FINAL = {
  OpenCheckIn: "The check-in is open on the phones",
  CloseCheckIn: "The check-in is closed and counted",
  Admit: "One phone was let in",
  HandleRequest: "Kept as handled",
  TakeControl: "You are running this",
  Undo: "Taken back",
  Start: "The session has begun",
};

/** {words, undoable} for a command that was carried out. */
export function whatWasDone(command, view, nameOf, stepOf) {
  const tell = DONE[command.command];
  if (tell) return { words: tell(command, view, nameOf, stepOf), undoable: true };
  return { words: FINAL[command.command] ?? "", undoable: false };
}
