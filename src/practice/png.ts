/**
 * A small valid PNG, eight by eight, all white. It stands in for the QR picture: whoever needs a real one draws it from
 * the seed.
 */
export const blankPng = (): Buffer =>
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAHUlEQVR4AS3BsQEAAAiAIPP/n2tImOVJJBKJRCI5SUEBD1EIYg0AAAAASUVORK5CYII=',
    'base64',
  );
