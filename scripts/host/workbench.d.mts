import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';

export type Theme =
  'Default Dark Modern' | 'Default Light Modern' | 'Default High Contrast' | 'Default High Contrast Light';

export interface WorkbenchOptions {
  url: string;
  /** Written to the server's settings first (all others but the quiet ones are dropped then); needs `dataDir`. */
  theme?: Theme | undefined;
  /** The server's data folder. */
  dataDir?: string | undefined;
  /** 1280 x 800 unless given. */
  viewport?: { width: number; height: number } | undefined;
  root?: string | undefined;
}

export interface Workbench {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Closes the window as a person does, so that its extension host ends and deactivates, then the browser. */
  close(): Promise<void>;
}

export declare function launchBrowser(options?: { root?: string | undefined }): Promise<Browser>;
export declare function openWorkbench(options: WorkbenchOptions): Promise<Workbench>;
export declare function runCommand(page: Page, title: string): Promise<void>;
export declare function quickPick(page: Page, text: string | RegExp, timeout?: number): Promise<void>;
export declare function quickInput(page: Page, text: string): Promise<void>;
export declare function webviewFrame(page: Page, options?: { containing?: string; timeout?: number }): Promise<Frame>;
export declare function screenshot(page: Page, file: string): Promise<void>;
