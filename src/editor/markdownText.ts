import type { MarkdownString } from 'vscode';

/**
 * Adds words as text, whatever Markdown would make of them. Word by word: of a whole line the editor makes one that can only be broken
 * in the middle of a word.
 */
export function appendWords(to: MarkdownString, words: string): void {
  words.split(' ').forEach((word, index) => {
    to.appendMarkdown(index > 0 ? ' ' : '');
    to.appendText(word);
  });
}
