import { type InputBox, l10n, window } from 'vscode';
import { formatAccountId } from '../core/account';
import { deviceName } from '../core/device';
import type { CodeQuestion, CodeRefusal, SignInPrompts } from '../core/signIn';
import { codeLength, digitsOf } from '../protocol/codeText';

/** Asks for the codes that signing in needs: one question at a time, each in an input box. */
export class CodePrompt implements SignInPrompts {
  #last: Promise<unknown> = Promise.resolve();

  askForCode(question: CodeQuestion): Promise<string | undefined> {
    // Two boxes at once would hide each other.
    const answer = this.#last.then(() => ask(question));
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}

function ask(question: CodeQuestion): Promise<string | undefined> {
  const box = window.createInputBox();
  box.title = titleOf(question);
  box.prompt = promptOf(question);
  box.placeholder = l10n.t('6 digits');
  // The code is short-lived and typed from a phone: seeing it prevents mistakes. Looking at the phone takes the focus away.
  box.ignoreFocusOut = true;
  if (question.refused) {
    box.validationMessage = refusalWords(question.refused, question.serial);
  }
  return answerOf(box);
}

function answerOf(box: InputBox): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer: string | undefined;
    box.onDidChangeValue((value) => {
      box.validationMessage = /\p{L}/u.test(value) ? l10n.t('A code has digits only.') : undefined;
    });
    box.onDidAccept(() => {
      const code = digitsOf(box.value);
      if (code.length === codeLength) {
        answer = code;
        box.hide();
      } else {
        box.validationMessage = l10n.t('A code has exactly 6 digits; here are {0}.', code.length);
      }
    });
    box.onDidHide(() => {
      box.dispose();
      resolve(answer);
    });
    box.show();
  });
}

function titleOf({ profile }: CodeQuestion): string {
  return profile === undefined ? l10n.t('MFA code to sign in to AWS') : l10n.t('MFA code for profile {0}', profile);
}

function promptOf({ serial, accountId, roleArn }: CodeQuestion): string {
  const device =
    accountId === undefined
      ? l10n.t('The code that {0} shows now.', serial)
      : l10n.t('The code that {0} of account {1} shows now.', deviceName(serial), formatAccountId(accountId));
  return roleArn === undefined ? device : `${device} ${l10n.t('It opens {0}.', roleArn)}`;
}

function refusalWords(refused: CodeRefusal, serial: string): string {
  switch (refused) {
    case 'wrong':
      return l10n.t(
        'AWS did not take that code: it was mistyped, or the clock of the device is off. Type the next one.',
      );
    case 'used':
      return l10n.t('That code was used already: each works once. Wait for the next one.');
    case 'unknownDevice':
      return l10n.t('AWS knows no device {0} of yours: check mfa_serial in the profile.', serial);
    case 'notTold':
      return l10n.t(
        'AWS did not take that code: it is wrong, was used already, or the device {0} is not yours.',
        serial,
      );
  }
}
