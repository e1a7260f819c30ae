/** From asking for a rollback to the release before having the traffic: kept warm, and started again. */
import pg from "pg";
import { createRuntimeRig, greeter } from "../../test/agents/runtime-rig.ts";
import type { Benchmark } from "../support/benchmark.ts";

/** Ready at once, and gone while it is watched: what it replaced has not been ended yet. */
const endsUnderTraffic = `${greeter("bad")}
setTimeout(() => process.exit(9), 1_500);`;

export const rollback: Benchmark = {
  name: "rollback",
  title: "a rollback, to the release before serving again",
  async run({ quick, server }) {
    const rounds = quick ? 2 : 10;
    const { url, drop } = await server.createDatabase({ migrated: true });
    const pool = new pg.Pool({ connectionString: url });
    const close = async () => {
      await pool.end();
      await drop();
    };
    const rig = await createRuntimeRig({ verifyMs: 3_000, database: { pool, url, drop: close } });
    const warm: number[] = [];
    const started: number[] = [];
    const startup: number[] = [];
    try {
      await rig.deployed("trace-good", "1.0.0", "good");
      for (let round = 0; round < rounds; round += 1) {
        const broken = await rig.fixture.artifact({ "server.js": `${endsUnderTraffic}\n// ${round}` });
        const bad = rig.delivery(`trace-warm-${round}`, `2.0.${round}`, broken);
        await bad.approve();
        await bad.deploy();
        warm.push((await takeBack(bad)).tookMs);

        const worse = await rig.deployed(`trace-cold-${round}`, `3.0.${round}`, "worse");
        worse.tell("RollbackRequested", { by: "jane", reason: "slow" });
        const back = await takeBack(worse);
        const [good] = await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" });
        startup.push(good?.startupTimeMs ?? 0);
        started.push(Math.max(0, back.tookMs - (good?.startupTimeMs ?? 0)));
      }
    } finally {
      await rig.dispose();
    }
    return {
      metrics: [
        { name: "kept warm", unit: "ms", samples: warm, goal: { atMost: 1_000 } },
        {
          name: "started again, without the service's own start",
          unit: "ms",
          samples: started,
          goal: { atMost: 1_000 },
        },
        { name: "the service's own start", unit: "ms", samples: startup },
      ],
      facts: { rounds },
    };
  },
};

type Delivery = ReturnType<Awaited<ReturnType<typeof createRuntimeRig>>["delivery"]>;

async function takeBack(bad: Delivery): Promise<{ tookMs: number }> {
  const asked = Date.now();
  const { outcome } = await bad.rollBack();
  const done = outcome.emits.find(({ name }) => name === "RollbackCompleted");
  if (done?.data.restored !== "1.0.0") throw new Error(`not rolled back: ${JSON.stringify(outcome)}`);
  return { tookMs: Date.parse(String(done.data.servingAt)) - asked };
}
