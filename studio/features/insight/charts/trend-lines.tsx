/** The drawing of a trend. It stands apart because its library is loaded only where a chart is seen. */
import { useTranslation } from "react-i18next";
import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { TrendProps } from "./trend-props.ts";

const dashes = ["", "6 3", "2 3"];
const ticks = { fill: "var(--muted)", fontSize: 12 };

export default function TrendLines({
  series,
  points,
  format,
  form = "lines",
  atLeast,
}: Omit<TrendProps, "title" | "children">) {
  const { i18n } = useTranslation();
  const day = new Intl.DateTimeFormat(i18n.language, { month: "short", day: "numeric", timeZone: "UTC" });
  const rows = points.map(({ at, values }) => ({ at: day.format(new Date(at)), ...values }));
  return (
    <ResponsiveContainer width="100%" height={220}>
      <ComposedChart
        data={rows}
        margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis dataKey="at" tick={ticks} stroke="var(--control-line)" minTickGap={24} />
        <YAxis
          tick={ticks}
          stroke="var(--control-line)"
          width={64}
          tickFormatter={format}
          allowDecimals={form === "lines"}
          domain={atLeast === undefined ? [0, "auto"] : [0, (most: number) => Math.max(most, atLeast)]}
        />
        <Tooltip
          formatter={(value) => format(Number(value))}
          cursor={{ stroke: "var(--control-line)", fill: "var(--sunken)" }}
          contentStyle={{
            background: "var(--raised)",
            border: "1px solid var(--line)",
            borderRadius: 8,
            color: "var(--text)",
          }}
          itemStyle={{ color: "var(--text)" }}
        />
        {series.map(({ id, name, tone }, index) =>
          form === "bars" ? (
            <Bar key={id} dataKey={id} name={name} fill={colour(tone)} isAnimationActive={false} />
          ) : (
            <Line
              key={id}
              dataKey={id}
              name={name}
              stroke={colour(tone)}
              strokeWidth={2}
              strokeDasharray={dashes[index % dashes.length] ?? ""}
              dot={points.length < 40}
              connectNulls
              isAnimationActive={false}
            />
          ),
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function colour(tone: string): string {
  return `var(--${tone})`;
}
