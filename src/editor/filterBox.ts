import { InputBoxValidationSeverity, l10n, window } from 'vscode';
import { marks, parseFilter } from '../core/userFilter';

/**
 * Asks whom to show, and shows them while the person types.
 * @param before the filter to go back to where the person thinks better of it; empty where none is
 * @param show called with each text that was typed, and with the one of before where the box goes away
 */
export function askForFilter(before: () => string, show: (text: string) => void): Promise<void> {
  const known = marks.map((mark) => `@${mark}`).join(', ');
  const box = window.createInputBox();
  box.title = l10n.t('Filter Users');
  box.value = before();
  box.placeholder = l10n.t('maya @noMfa');
  box.prompt = l10n.t(
    'Every word has to be in the name, path, ARN, a device or its tags; these narrow by what is known: {0}.',
    known,
  );
  // What was found can be looked at meanwhile.
  box.ignoreFocusOut = true;
  const check = () => {
    const [unknown] = parseFilter(box.value).unknown;
    box.validationMessage =
      unknown === undefined
        ? undefined
        : {
            message: l10n.t('There is no {0}. There are {1}.', unknown, known),
            severity: InputBoxValidationSeverity.Warning,
          };
    return unknown === undefined;
  };
  return new Promise((resolve) => {
    let isSettled = false;
    box.onDidChangeValue((text) => {
      check();
      show(text);
    });
    box.onDidAccept(() => {
      if (check()) {
        isSettled = true;
        box.hide();
      }
    });
    box.onDidHide(() => {
      // Told once more when the box is disposed of.
      if (!isSettled) {
        isSettled = true;
        show(before());
      }
      box.dispose();
      resolve();
    });
    box.show();
  });
}
