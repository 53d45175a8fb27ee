import type { Locator, Page } from 'playwright-core';
import { attributeOf } from './hands';
import { until } from './stage';

/** A step of the tour, which is ticked or not. */
export function stepOf(page: Page, title: string): Locator {
  return page.locator('.getting-started-step').filter({ has: page.locator('.step-title', { hasText: title }) });
}

export async function isTicked(page: Page, title: string): Promise<boolean> {
  const box = stepOf(page, title).locator('.codicon').first();
  return (await box.getAttribute('class'))?.includes('complete') === true;
}

/** As `isTicked` of each; no where the page is drawn anew at that moment. */
export async function areTicked(page: Page, ...titles: readonly string[]): Promise<boolean> {
  const boxes = titles.map((title) => stepOf(page, title).locator('.codicon').first());
  const classes = await Promise.all(boxes.map((box) => attributeOf(box, 'class')));
  return classes.every((each) => each?.includes('complete'));
}

export async function untilTicked(page: Page, title: string): Promise<void> {
  await until(`${title} to be ticked`, () => areTicked(page, title));
}
