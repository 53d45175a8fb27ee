/** @returns gives what `make` gives, which is called at the first time and never again: for what is dear to make */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
