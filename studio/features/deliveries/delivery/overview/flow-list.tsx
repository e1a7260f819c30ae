/** A flow as a list: every state with how it stands, and inside a group its own. */
import { useTranslation } from "react-i18next";
import { Icon } from "../../../../ui/icon.tsx";
import { Time } from "../../../../ui/time.tsx";
import { markIcons } from "./marks.ts";
import styles from "./overview.module.css";
import type { Flow, FlowNode } from "./use-flows.ts";

export function FlowList({ flow }: { flow: Flow }) {
  return <States flow={flow} parent={undefined} />;
}

function States({ flow, parent }: { flow: Flow; parent: string | undefined }) {
  const members = flow.nodes.filter((node) => node.parent === parent);
  if (members.length === 0) return null;
  return (
    <ol className={styles.states}>
      {members.map((node) => (
        <li key={node.id}>
          <State node={node} />
          <States flow={flow} parent={node.id} />
        </li>
      ))}
    </ol>
  );
}

function State({ node: { label, mark, does, since, times, state } }: { node: FlowNode }) {
  const { t } = useTranslation();
  return (
    <p className={styles.stateRow} data-mark={mark} {...(isHere(mark) && { "aria-current": "step" })}>
      <Icon name={state?.icon ?? markIcons[mark]} />
      <strong>{label}</strong>
      <span>{state?.label ?? t(`deliveries.flow.mark.${mark}`)}</span>
      {does !== undefined && <code>{does}</code>}
      {since !== undefined && <Time at={since} />}
      {times > 1 && <span>{t("deliveries.flow.times", { count: times })}</span>}
    </p>
  );
}

function isHere(mark: FlowNode["mark"]): boolean {
  return mark === "current" || mark === "waiting";
}
