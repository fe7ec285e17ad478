/** 2^53 has 16 digits. */
const longDigits = 17;

/**
 * Whole numbers of 17 digits and more are given quotes, so that they stay as written when the JSON is parsed. Inside a
 * string this breaks the JSON, never changes it quietly: the caller then parses the text as it is.
 */
export function exactNumbers(json: string): string {
  return hasLongDigits(json) ? json.replaceAll(/([:[,]\s*)(-?\d{17,40})(?=\s*[,\]}])/g, '$1"$2"') : json;
}

/** Every run of 17 digits covers a place that 17 divides: only those are looked at, and from a digit its run is measured. */
function hasLongDigits(text: string): boolean {
  for (let at = longDigits - 1; at < text.length; at += longDigits) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && end - start < longDigits && isDigit(text.charCodeAt(end))) end++;
    if (end - start >= longDigits) return true;
  }
  return false;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
