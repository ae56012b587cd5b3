// Times as people in different places read them.

const cache = new Map();

function format(locale, options) {
  const key = `${locale} ${JSON.stringify(options)}`;
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat(locale, options));
  return cache.get(key);
}

/** The locale of a phone: its language, and for English the habits of its place. */
export function localeOf({ language, zone }) {
  if (language && language !== "en") {
    try {
      return Intl.getCanonicalLocales(language)[0];
    } catch {
      return "en-GB";
    }
  }
  return /^(America|US)\//.test(zone) ? "en-US" : "en-GB";
}

export const timeOf = (at, phone) => format(localeOf(phone), { hour: "numeric", minute: "2-digit", timeZone: phone.zone }).format(at);
export const dayOf = (at, phone) => format(localeOf(phone), { weekday: "long", day: "numeric", month: "long", timeZone: phone.zone }).format(at);
export const weekdayOf = (at, phone) => format(localeOf(phone), { weekday: "long", timeZone: phone.zone }).format(at);
export const cityOf = (zone) => zone.split("/").pop().replaceAll("_", " ");

/** A number that differs for different local days. */
export const dayNumber = (at, zone) => format("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone }).format(at);

/** Minutes of the local day, 0 to 1439. */
export function minuteOf(at, zone) {
  const parts = format("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).formatToParts(at);
  const value = (type) => Number(parts.find((part) => part.type === type).value);
  return value("hour") * 60 + value("minute");
}

export function soon(at, now, phone) {
  const time = timeOf(at, phone);
  const days = Math.round((Date.parse(dayNumber(at, phone.zone)) - Date.parse(dayNumber(now, phone.zone))) / 86_400_000);
  if (days === 0) return `${time} in ${cityOf(phone.zone)}`;
  if (days === 1) return `tomorrow, ${time} in ${cityOf(phone.zone)}`;
  return `${weekdayOf(at, phone)}, ${time} in ${cityOf(phone.zone)}`;
}

export function zones() {
  return Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : ["Europe/Berlin", "America/New_York"];
}
