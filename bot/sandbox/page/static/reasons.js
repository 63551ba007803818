// Why something did not work: the sandbox's reasons, in words for people.

import { t } from "./words.js";

// What stands before a colon names the reason, what follows says more.
const REASONS = {
  "the account was deleted": "This account was deleted",
  "the group became a supergroup": "This group became a supergroup",
  "slow mode": "Slow mode: you may write again in {n} s",
  "banned from the chat": "You are banned from this chat",
  "not in the chat": "You are not in this chat",
  "only administrators post in a channel": "Only administrators may post in this channel",
  "may not": "You may not send that here",
  "the topic was deleted": "This topic was deleted",
  "the topic is closed": "This topic is closed",
  "the message is someone else's": "This message is someone else's",
  "the invite link does not lead there": "This invite link does not lead there",
  "the invite link has expired": "This invite link has expired",
  "that is not one's own": "This message is someone else's",
  "one is not in charge there": "Only administrators may do that",
  "the archive has no digest yet": "The archive has no digest yet",
  "no digest of the archive can be dated anew": "The archive has no more digests for another day",
  "no headline can be changed": "No headline of today's digest can be changed",
};

/** Word a reason; one that only programs meet stays as it is. */
export function why(reason) {
  const [name, more = ""] = reason.replace(/^sandbox: /, "").split(": ");
  return name in REASONS ? t(REASONS[name], { n: Number.parseInt(more, 10) }) : reason;
}
