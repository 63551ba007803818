// The line that is being written, for whoever wants to put something into it.

let take = () => {};

/** Let the composer take what others want to be written. */
export function takesWords(handler) {
  take = handler;
}

/** Put words into the composer. */
export function compose(words) {
  take(words);
}
