/** A JSON string, or the start of one that the text's end cuts off. */
const stringToken = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*(?:"|\\?$|\\u[0-9a-fA-F]{0,3}$)/y;
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const cutNumber = /-?(?:\d+\.?\d*(?:[eE][+-]?)?)?$/y;
const wordToken = /true|false|null/y;
const cutWord = /(?:t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$/y;
const spaces = /[ \t\r\n]*/y;

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end';

/** Whether the text could be the start of a JSON document: nothing in it is wrong so far. */
export function isJsonStart(text: string): boolean {
  const stack: boolean[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const take = (token: RegExp): boolean => {
    token.lastIndex = at;
    if (!token.test(text)) return false;
    at = token.lastIndex;
    return true;
  };
  const done = (): Expected => 'comma or end';
  for (;;) {
    take(spaces);
    if (at >= text.length) return true;
    const char = text[at]!;
    if (expected === 'comma or end') {
      const inObject = stack.at(-1);
      if (inObject === undefined) return false;
      at++;
      if (char === ',') expected = inObject ? 'key' : 'value';
      else if (char === (inObject ? '}' : ']')) stack.pop();
      else return false;
    } else if (expected === 'colon') {
      if (char !== ':') return false;
      at++;
      expected = 'value';
    } else if (expected === 'key' || expected === 'key or end') {
      if (char === '}' && expected === 'key or end') {
        at++;
        stack.pop();
        expected = done();
      } else {
        if (!take(stringToken)) return false;
        expected = 'colon';
      }
    } else if (char === '{' || char === '[') {
      at++;
      stack.push(char === '{');
      expected = char === '{' ? 'key or end' : 'value or end';
    } else if (char === ']' && expected === 'value or end') {
      at++;
      stack.pop();
      expected = done();
    } else {
      const start = at;
      const whole = take(stringToken) || take(wordToken) || take(numberToken);
      if (at < text.length && !(whole && at > start)) {
        return take(cutNumber) || take(cutWord);
      }
      if (!whole) return take(cutNumber) || take(cutWord);
      // "12." and "1e" cut off behind their first digits.
      if (at < text.length && /[.eE]/.test(text[at]!)) {
        at = start;
        return take(cutNumber);
      }
      expected = done();
    }
  }
}
