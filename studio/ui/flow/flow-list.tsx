/** A flow as a list: every state with how it stands, and inside a group its own. */
import { useTranslation } from "react-i18next";
import { Icon } from "../icon.tsx";
import { Time } from "../time.tsx";
import styles from "./flow.module.css";
import type { FlowEdge, FlowNode, Mark, PictureFlow } from "./flow.ts";
import { iconOf } from "./marks.ts";

export function FlowList({ flow }: { flow: PictureFlow }) {
  return <States flow={flow} parent={undefined} />;
}

function States({ flow, parent }: { flow: PictureFlow; parent: string | undefined }) {
  const members = flow.nodes.filter((node) => node.parent === parent);
  if (members.length === 0) return null;
  return (
    <ol className={styles.states}>
      {members.map((node) => (
        <li key={node.id}>
          <State node={node} />
          {node.mark === undefined && <Ways of={node} flow={flow} />}
          <States flow={flow} parent={node.id} />
        </li>
      ))}
    </ol>
  );
}

function State({ node }: { node: FlowNode }) {
  const { t } = useTranslation();
  const { label, mark, does, since, times = 0, state, kind, initial } = node;
  const word = state?.label ?? (mark === undefined ? undefined : t(`ui.flow.mark.${mark}`));
  return (
    <p
      className={styles.stateRow}
      data-mark={mark}
      {...(mark !== undefined && isHere(mark) && { "aria-current": "step" })}
    >
      <Icon name={iconOf(node)} />
      <strong>{label}</strong>
      {word !== undefined && <span>{word}</span>}
      {mark === undefined && initial && <span>{t("ui.flow.begins")}</span>}
      {mark === undefined && kind === "final" && <span>{t("ui.flow.ends")}</span>}
      {does !== undefined && <code>{does}</code>}
      {since !== undefined && <Time at={since} />}
      {times > 1 && <span>{t("ui.flow.times", { count: times })}</span>}
    </p>
  );
}

/** Of a definition: what leads out of the state, and where. */
function Ways({ of, flow }: { of: FlowNode; flow: PictureFlow }) {
  const ways = flow.edges.filter(({ from }) => from === of.id);
  if (ways.length === 0) return null;
  return (
    <ul className={styles.ways}>
      {ways.map((way) => (
        <li key={way.id} data-failure={way.failure}>
          {way.labels.join(", ")} <Icon name="chevron-right" size={13} /> {labelOf(flow, way)}
        </li>
      ))}
    </ul>
  );
}

function labelOf({ nodes }: PictureFlow, { to }: FlowEdge): string {
  return nodes.find(({ id }) => id === to)?.label ?? to;
}

function isHere(mark: Mark): boolean {
  return mark === "current" || mark === "waiting";
}
