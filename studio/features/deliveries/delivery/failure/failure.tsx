/** What failed, what that means now, what it wrote at its end, and what to do about it; what the head says is not said again. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../../../app/api/api.ts";
import { Failed } from "../../../../app/layout/failed.tsx";
import { SourceText } from "../../../../ui/code/source-text.tsx";
import { CopyButton } from "../../../../ui/copy-button.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { Empty, Facts, Panel } from "../../../../ui/panel.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useStatus, useSubject } from "../use-delivery.ts";
import styles from "./failure.module.css";
import { unsaid } from "./unsaid.ts";
import { useReport } from "./use-report.ts";

export function Failure() {
  const { t } = useTranslation();
  const { traceId, moduleId } = useSubject();
  const { data: status } = useStatus();
  const { data, error } = query.useQuery("get", "/failures/{ref}", {
    params: { path: { ref: traceId }, query: { moduleId } },
  });
  const report = useReport(data?.failure?.step);
  if (error !== null) return <Failed error={error} />;
  if (data === undefined) return <p role="status">{t("app.loading")}</p>;
  const { failure, now } = data;
  if (failure === undefined)
    return (
      <Empty icon="circle-check" title={t("deliveries.failure.none")}>
        <p>{data.what}</p>
        <p>{now}</p>
      </Empty>
    );
  const { what, reasons, next } = unsaid(data, status?.explanation ?? { situations: [] });
  const tail = failure.logTail ?? report?.output;
  return (
    <div className={styles.parts}>
      {what === undefined ? (
        <Notice tone="info" title={now} />
      ) : (
        <Notice tone="bad" title={what}>
          <p>{now}</p>
        </Notice>
      )}
      <Panel title={t("deliveries.failure.why")}>
        <Facts
          of={[
            [t("deliveries.failure.step"), failure.step],
            [t("deliveries.failure.at"), <Time key="at" at={failure.at} form="second" />],
            ...optional(t("deliveries.environment"), failure.environment),
            ...optional(t("deliveries.failure.by"), failure.by),
            ...optional(t("deliveries.failure.attempts"), failure.attempts?.toString()),
            ...optional(t("deliveries.failure.exit"), failure.exit?.signal ?? failure.exit?.code?.toString()),
          ]}
        />
        {reasons.length > 0 && (
          <ul className={styles.reasons}>
            {reasons.map(({ code, message }) => (
              <li key={`${code} ${message}`}>
                <code>{code}</code> {message}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {next.length > 0 && (
        <Panel title={t("deliveries.failure.next")}>
          <ul className={styles.next}>
            {next.map((one) => (
              <li key={one}>{isCommand(one) ? <Command text={one} /> : one}</li>
            ))}
          </ul>
        </Panel>
      )}
      {tail !== undefined && tail !== "" && (
        <Panel
          title={t("deliveries.failure.log")}
          aside={
            report !== undefined && (
              <Link
                to="/deliveries/$traceId/$moduleId/artifacts"
                params={{ traceId, moduleId }}
                search={{ path: report.path }}
              >
                {report.name}
              </Link>
            )
          }
        >
          <SourceText text={tail} name={`${failure.step}.log`} most={400} />
        </Panel>
      )}
    </div>
  );
}

function Command({ text }: { text: string }) {
  return (
    <span className={styles.command}>
      <code>{text}</code> <CopyButton text={text} />
    </span>
  );
}

function isCommand(text: string): boolean {
  return /^(connectsoft|studio) /.test(text);
}

function optional(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}
