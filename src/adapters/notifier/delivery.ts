/** What each channel gets to do its work with. */
import type { Letter } from "../../ports/notifier.ts";
import type { PostOptions } from "./post-json.ts";
import { Unreachable } from "./reachable-addresses.ts";

export interface Delivery {
  letter: Letter;
  /** As the letter's, and remembers what it gave out, so that no problem is told with it. */
  reveal: Letter["reveal"];
  post: PostOptions;
  /** Where the message's path is to be seen. */
  address: string;
}

/** The address of a chat's incoming webhook, which is a secret as a whole and never told. */
export async function chatAddress({ letter, reveal }: Delivery, channel: "slack" | "teams"): Promise<string> {
  const reference = letter.to[channel]?.url;
  if (reference === undefined) throw new Unreachable(`it names no ${channel} address`);
  const url = (await reveal(reference)).trim();
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ""))
    throw new Unreachable(`the secret ${reference.secret} is no address: expected https://...`);
  return url;
}
