const ANY_TEXT = Symbol('any text');
const ANY_CHARACTER = Symbol('any character');
type Token = string | typeof ANY_TEXT | typeof ANY_CHARACTER;

/** `*` stands for any text and `?` for any character, unless a backslash stands before it. */
export function matcher(pattern: string): (text: string) => boolean {
  if (!/[*?\\]/.test(pattern)) return (text) => text === pattern;
  const tokens = tokensOf(pattern);
  return (text) => matches(tokens, [...text]);
}

function tokensOf(pattern: string): readonly Token[] {
  return (pattern.match(/\\?[\s\S]/gu) ?? []).map((part) => {
    if (part === '*') return ANY_TEXT;
    if (part === '?') return ANY_CHARACTER;
    return part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
  });
}

/** Only the last `*` is ever tried again, so that no pattern takes longer than its length times the text's. */
function matches(tokens: readonly Token[], text: readonly string[]): boolean {
  let token = 0;
  let star = -1;
  let resumeAt = 0;
  for (let at = 0; at < text.length;) {
    const wanted = tokens[token];
    if (wanted === ANY_TEXT) {
      star = token;
      resumeAt = at;
      token += 1;
    } else if (wanted === ANY_CHARACTER || (wanted !== undefined && wanted === text[at])) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      resumeAt += 1;
      at = resumeAt;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === ANY_TEXT);
}
