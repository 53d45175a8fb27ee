import type { Locator, Page } from 'playwright-core';
import { until } from './stage';

/** A step of the tour, which is ticked or not. */
export function stepOf(page: Page, title: string): Locator {
  return page.locator('.getting-started-step').filter({ has: page.locator('.step-title', { hasText: title }) });
}

export async function isTicked(page: Page, title: string): Promise<boolean> {
  const box = stepOf(page, title).locator('.codicon').first();
  return (await box.getAttribute('class'))?.includes('complete') === true;
}

export async function untilTicked(page: Page, title: string): Promise<void> {
  await until(`${title} to be ticked`, () => isTicked(page, title));
}
