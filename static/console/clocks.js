/** The clinic's clock, whatever the zone of the device. */

/** Functions that write an instant (ms UTC) as "6:39 pm", and short as "6:39". */
export function clocks(zone) {
  const format = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit", hour12: true, timeZone: zone });
  const parts = (at) => Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
  const short = (at) => {
    const { hour, minute } = parts(at);
    return `${hour}:${minute}`;
  };
  return { short, long: (at) => `${short(at)} ${parts(at).dayPeriod.toLowerCase()}` };
}

/** "1 phone", "4 phones". */
export function counted(number, noun, plural = `${noun}s`) {
  return `${number} ${number === 1 ? noun : plural}`;
}
