import type { Memento } from 'vscode';
import type { DeviceMemory } from '../core/directory';
import type { UnfinishedStore } from '../core/unfinished';
import { memory } from './manifest';

type SeenBySerial = Readonly<Record<string, number>>;

/** Remembers when unassigned devices were seen first: AWS does not tell when one was made. */
export class RememberedDevices implements DeviceMemory {
  constructor(
    private readonly unfinished: UnfinishedStore,
    private readonly memento: Memento,
  ) {}

  held(): Promise<ReadonlySet<string>> {
    return this.unfinished.held();
  }

  seen(account: string, serials: readonly string[], now: number): ReadonlyMap<string, number> {
    const all = this.memento.get<Readonly<Record<string, SeenBySerial>>>(memory.firstSeen) ?? {};
    const before = all[account] ?? {};
    const seen = Object.fromEntries(serials.map((serial) => [serial, before[serial] ?? now]));
    if (JSON.stringify(seen) !== JSON.stringify(before)) {
      void this.memento.update(memory.firstSeen, { ...all, [account]: seen });
    }
    return new Map(Object.entries(seen));
  }
}
