import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { IAMClient, ListMFADevicesCommand, ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam';
import { commands, type InputBox, type Tab, TabInputWebview, window } from 'vscode';
import { deviceName } from '../../src/core/device';

/** What `awsMfa.refresh` gives back. */
export interface Summary {
  readonly accountId: string;
  readonly alias?: string;
  readonly total: number;
  readonly withoutMfa: number;
  readonly canSignIn: number;
  readonly noPassword: number;
  readonly unchecked: number;
  readonly hasMfa: number;
}

export async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) {
      return answer;
    }
    assert.ok(Date.now() < end, `Waited in vain for: ${what}`);
    await pause(50);
  }
}

/** Waits until there are these and no other, in any order; says what there was instead. */
async function untilThere(
  what: string,
  wanted: readonly string[],
  look: () => Promise<readonly string[]> | readonly string[],
): Promise<void> {
  const sorted = [...wanted].sort();
  const end = Date.now() + 30_000;
  for (;;) {
    const there = [...(await look())].sort();
    if (there.join() === sorted.join()) {
      return;
    }
    if (Date.now() > end) {
      assert.deepEqual(there, sorted, `Waited in vain for ${what}`);
    }
    await pause(50);
  }
}

/** The account that the environment names, once it has been read. */
export function account(): Promise<Summary> {
  return until('the account', async () => (await commands.executeCommand<readonly Summary[]>('awsMfa.refresh'))[0]);
}

/** The extension's panels, whatever they are about. */
function panelTabs(): readonly Tab[] {
  return window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof TabInputWebview && tab.input.viewType.endsWith('awsMfa.enrolment'));
}

/** Waits until there are panels of these titles and no other. */
export function untilPanels(...titles: readonly string[]): Promise<void> {
  return untilThere('panels', titles, () => panelTabs().map((tab) => tab.label));
}

/** Closes every panel that is there or comes meanwhile, and waits until they are gone. */
export async function closePanels(): Promise<void> {
  await untilThere('panels', [], async () => {
    await window.tabGroups.close(panelTabs());
    return panelTabs().map((tab) => tab.label);
  });
}

/** Names of the unassigned virtual devices, asked of the account over the wire. */
export async function unassigned(): Promise<readonly string[]> {
  const { VirtualMFADevices } = await watcher().send(
    new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Unassigned' }),
  );
  return (VirtualMFADevices ?? []).map((device) => deviceName(device.SerialNumber ?? '')).sort();
}

/** Waits until the account has these unassigned devices and no other. */
export function untilUnassigned(...names: readonly string[]): Promise<void> {
  return untilThere('unassigned devices', names, unassigned);
}

/** Serials of a user's devices, asked of the account over the wire. */
export async function devicesOf(userName: string): Promise<readonly string[]> {
  const { MFADevices } = await watcher().send(new ListMFADevicesCommand({ UserName: userName }));
  return (MFADevices ?? []).map((device) => device.SerialNumber ?? '').sort();
}

/** Calls the account by its own keys, past the extension. */
function watcher(): IAMClient {
  const { PRACTICE_ENDPOINT, PRACTICE_KEY, PRACTICE_SECRET, PRACTICE_TOKEN } = process.env;
  return new IAMClient({
    endpoint: PRACTICE_ENDPOINT ?? '',
    region: 'us-east-1',
    credentials: {
      accessKeyId: PRACTICE_KEY ?? '',
      secretAccessKey: PRACTICE_SECRET ?? '',
      sessionToken: PRACTICE_TOKEN ?? '',
    },
  });
}

const sayings = ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const;

/**
 * The notifications that are shown while the work is done. Nobody can ask the editor what it shows, so this listens at the
 * door: each goes on to the editor as it is.
 */
export async function told(work: () => PromiseLike<unknown>): Promise<readonly string[]> {
  const texts: string[] = [];
  // Writable, though the types do not say so: one object for all that runs in this extension's name.
  const door = window as unknown as Record<(typeof sayings)[number], (text: string, ...rest: unknown[]) => unknown>;
  const before = sayings.map((saying) => [saying, door[saying]] as const);
  for (const [saying, say] of before) {
    door[saying] = (text, ...rest) => {
      texts.push(text);
      return say(text, ...rest);
    };
  }
  try {
    await work();
  } finally {
    for (const [saying, say] of before) {
      door[saying] = say;
    }
  }
  return texts;
}

/**
 * Types into the input box that the work opens. The editor lets nobody but the person type, so this sits at the door: the box is
 * the real one, and hears of each text as it would from the person.
 */
export async function typing(
  work: () => Promise<unknown>,
  hand: (type: (text: string) => void, box: InputBox) => Promise<void>,
): Promise<void> {
  const door = window as unknown as { createInputBox: () => InputBox };
  const before = door.createInputBox;
  const listeners: ((text: string) => void)[] = [];
  let opened: InputBox | undefined;
  door.createInputBox = () => {
    opened = before.call(window);
    const listen = opened.onDidChangeValue;
    Object.defineProperty(opened, 'onDidChangeValue', {
      value: (listener: (text: string) => void) => {
        listeners.push(listener);
        return listen(listener);
      },
    });
    return opened;
  };
  try {
    const working = work();
    const box = await until('the input box', () => opened);
    await hand((text) => {
      box.value = text;
      listeners.forEach((listener) => listener(text));
    }, box);
    await working;
  } finally {
    door.createInputBox = before;
  }
}

/** Presses Enter, or Escape, in the box that is open, until the work is done that waits for it. */
export async function press(key: 'Enter' | 'Escape', done: () => boolean): Promise<void> {
  await until(key, async () => {
    await commands.executeCommand(
      key === 'Enter' ? 'workbench.action.acceptSelectedQuickOpenItem' : 'workbench.action.closeQuickOpen',
    );
    return done() ? true : undefined;
  });
}
