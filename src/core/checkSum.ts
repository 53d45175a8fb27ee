import { deviceKind, devicesPerUser, type Device, type VirtualDevice } from './device';
import type { AccountSummary, IamUser } from './iam';
import type { MfaState } from './users';

/** What the whole account's lists tell of how many devices are in use. */
export interface DevicesInUse {
  /** Virtual devices of users. */
  readonly virtual: number;
  /** `MFADevicesInUse`; undefined where AWS did not say. */
  readonly total?: number;
  readonly rootHasMfa?: boolean;
}

/** @param virtualDevices every virtual device of the account; undefined where they could not be listed: then there is no sum */
export function devicesInUse(
  virtualDevices: readonly VirtualDevice[] | undefined,
  summary: AccountSummary | undefined,
): DevicesInUse {
  return {
    virtual: (virtualDevices ?? []).filter(({ userName }) => userName !== undefined).length,
    ...(virtualDevices && summary?.devicesInUse !== undefined && { total: summary.devicesInUse }),
    ...(summary?.rootHasMfa !== undefined && { rootHasMfa: summary.rootHasMfa }),
  };
}

/**
 * Whether everybody's devices are found, so that whoever is left has none. Whether AWS counts root's devices in
 * `MFADevicesInUse` is not known (iam-facts 1.4): where it does, the sum is too high and proves nothing.
 * @param others devices found that are not virtual
 */
export function allFound(sum: DevicesInUse, others: number): boolean {
  return missingDevices(sum, others) === 0;
}

/** @returns how many devices in use nobody was found for; undefined where there is no sum. Negative where the sum lags behind */
export function missingDevices({ virtual, total }: DevicesInUse, others: number): number | undefined {
  return total === undefined ? undefined : total - virtual - others;
}

/**
 * Whether a search among those of whom nothing is known would find nothing: nothing is missing, or what is missing may be of root
 * or of those who could not be checked.
 * @param unchecked users who could not be checked
 */
export function isSearchInVain(sum: DevicesInUse, others: number, unchecked: number): boolean {
  const holders = unchecked + (sum.rootHasMfa === true ? 1 : 0);
  return (missingDevices(sum, others) ?? 0) <= holders * devicesPerUser;
}

/** @returns the devices that no list of virtual ones shows, as they were found when the user was asked about */
export function otherDevices(mfa: MfaState | undefined): readonly Device[] {
  return mfa?.kind === 'has' ? mfa.devices.filter(({ serial }) => deviceKind(serial) !== 'virtual') : [];
}

/** Orders users by how likely they have a device that was not found yet: who signed in lately comes first. */
export function compareLikelihood(a: IamUser, b: IamUser): number {
  return (b.passwordLastUsed?.getTime() ?? 0) - (a.passwordLastUsed?.getTime() ?? 0) || (a.name < b.name ? -1 : 1);
}
