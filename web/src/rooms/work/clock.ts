/** Moments by the city's own clock, wherever the phone believes to be. */
import { moment } from "@/lib/dates";

/** `11-26 14:05` in the city. `offset`: +0800. */
export function cityMoment(iso: string, offset: string): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(offset) ?? [];
  if (!sign) return moment(iso);
  const city = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  const at = new Date(iso);
  const here = -at.getTimezoneOffset(); // `moment` says what the phone's own clock says
  return moment(new Date(at.getTime() + (city - here) * 60_000).toISOString());
}

/** `14:05` in the city. */
export function cityTime(iso: string, offset: string): string {
  return cityMoment(iso, offset).slice(-5);
}
