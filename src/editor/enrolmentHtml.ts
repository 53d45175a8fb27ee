/** Where the page's files are, as addresses the page may load. */
export interface PageFiles {
  /** Source for the content security policy: the origin that serves the bundle. */
  readonly cspSource: string;
  readonly nonce: string;
  readonly script: string;
  readonly styles: readonly string[];
  readonly title: string;
  readonly locale: string;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function attribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/**
 * The page's document: empty but for its frame. What it shows arrives by message once it says `ready`, so nothing of a
 * user or a seed is ever part of the document's source.
 */
export function enrolmentHtml(files: PageFiles): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${files.nonce}'`,
    `style-src ${files.cspSource}`,
    `font-src ${files.cspSource}`,
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  const styles = files.styles.map((href) => `<link rel="stylesheet" href="${attribute(href)}">`).join('\n    ');
  return `<!DOCTYPE html>
<html lang="${attribute(files.locale)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${attribute(files.title)}</title>
    ${styles}
  </head>
  <body>
    <main id="page"></main>
    <script nonce="${attribute(files.nonce)}" src="${attribute(files.script)}"></script>
  </body>
</html>
`;
}
