import assert from 'node:assert/strict';
import { CodePrompt } from '../../src/editor/codePrompt';
import { press, typing } from './hands';

describe('the box that a code for signing in is typed into', () => {
  const serial = 'arn:aws:iam::210987654321:mfa/jordan';

  /** @returns what it hands on, and what it says on the way */
  const answered = async (text: string) => {
    let answer: string | undefined;
    let isDone = false;
    const said: unknown[] = [];
    await typing(
      async () => {
        answer = await new CodePrompt().askForCode({ serial });
        isDone = true;
      },
      async (type, box) => {
        type(text);
        said.push(box.validationMessage);
        await press('Enter', () => isDone || box.validationMessage !== undefined);
        said.push(box.validationMessage);
        if (!isDone) {
          await press('Escape', () => isDone);
        }
      },
    );
    return { answer, said };
  };

  for (const text of ['123456', '123 456', '123-456', '１２３４５６', ' 123456\t']) {
    it(`takes ${JSON.stringify(text)}`, async () => {
      assert.deepEqual(await answered(text), { answer: '123456', said: [undefined, undefined] });
    });
  }

  it('says what is wrong, and keeps what was typed', async () => {
    assert.deepEqual(await answered('12345'), {
      answer: undefined,
      said: [undefined, 'A code has exactly 6 digits; here are 5.'],
    });
    const { answer, said } = await answered('12345x');
    assert.equal(answer, undefined);
    assert.equal(said[0], 'A code has digits only.');
  });
});
