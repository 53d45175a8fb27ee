import type { LogOutputChannel } from 'vscode';
import type { AccountSources } from '../core/connection';
import { sweepUnfinished, type UnfinishedStore } from '../core/unfinished';

/**
 * Deletes the devices that an earlier window left half-made, and writes into the log what became of each.
 * @returns whether any was deleted
 */
export async function sweepLeftovers(
  sources: AccountSources,
  unfinished: UnfinishedStore,
  log: LogOutputChannel,
): Promise<boolean> {
  const connect = async (source: Parameters<AccountSources['connect']>[0]) =>
    (await sources.connect(source, false)).iam;
  let deleted = false;
  for (const { device, removal } of await sweepUnfinished(unfinished, connect, Date.now())) {
    switch (removal.kind) {
      case 'removed':
        deleted = true;
        log.info(`Deleted a device that was left half-made: ${device.serial}`);
        break;
      case 'inUse':
        log.info(`A device that was being enrolled is in use and stays: ${device.serial}`);
        break;
      case 'left':
        log.warn(
          `A half-made device could not be deleted: ${device.serial} (${removal.problem.operation}: ${removal.problem.code})`,
        );
        break;
    }
  }
  return deleted;
}
