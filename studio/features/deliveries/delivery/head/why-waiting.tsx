/** Why it waits in one sentence, as the server says it, and what resolves it. */
import { useTranslation } from "react-i18next";
import { Notice } from "../../../../ui/notice.tsx";
import type { Tone } from "../../../../ui/state-badge.tsx";
import { Told } from "../../../../ui/told.tsx";
import type { Situation, Status } from "../shapes.ts";
import styles from "./head.module.css";
import { WaysOn } from "./ways-on.tsx";

export function WhyWaiting({ status }: { status: Status }) {
  const { t } = useTranslation();
  const { sentence, kind, situations, command, closed } = status.explanation;
  const main = situations.find((one) => one.sentence === sentence) ?? situations[0];
  const [fact, reasons] = apart(sentence);
  const others = situations.filter((one) => one !== main && pressing.includes(one.kind));
  return (
    <div className={styles.why}>
      <Notice tone={tones[kind]} title={<Told text={fact} />}>
        {reasons !== "" && (
          <p>
            <Told text={reasons} />
          </p>
        )}
        {main?.advice !== undefined && (
          <p>
            <Told text={main.advice} />
          </p>
        )}
        {closed !== undefined && (
          <p>
            <Told text={[closed.why, closed.next].filter(Boolean).join(" ")} />
          </p>
        )}
        {main !== undefined && <WaysOn situation={main} />}
        {command !== undefined && command !== main?.advice && (
          <p className={styles.command}>
            {t("deliveries.orOnTerminal")} <code>{command}</code>
          </p>
        )}
        {others.length > 0 && (
          <ul className={styles.others} aria-label={t("deliveries.alsoWaits")}>
            {others.map((one) => (
              <li key={`${one.instance} ${one.state}`}>
                <Told text={one.sentence} /> <WaysOn situation={one} />
              </li>
            ))}
          </ul>
        )}
      </Notice>
    </div>
  );
}

/** What is so stands out; a long reason is read after it. */
function apart(sentence: string): [fact: string, reasons: string] {
  const at = sentence.indexOf(": ");
  if (at < 0 || sentence.length < long) return [sentence, ""];
  return [`${sentence.slice(0, at)}.`, sentence.slice(at + 2)];
}

const long = 90;

const pressing: Situation["kind"][] = ["waiting", "stopped", "held", "retrying"];

const tones: Record<Situation["kind"], Tone> = {
  waiting: "warn",
  stopped: "bad",
  held: "warn",
  retrying: "warn",
  working: "info",
  idle: "neutral",
  live: "good",
  published: "good",
  over: "neutral",
};
