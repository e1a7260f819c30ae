import { answerOf, createDeliveryClient, Refusal } from "@connectsoft/delivery-client";

const { CONNECTSOFT_URL: baseUrl = "", CONNECTSOFT_TOKEN: token = "" } = process.env;
const client = createDeliveryClient({ baseUrl, token });

const [pending] = await answerOf(client.GET("/releases/pending"));
if (pending === undefined) throw new Error("Nothing waits for a decision.");
const { subject, releaseId, digests } = pending;

try {
  await answerOf(
    client.POST("/releases/{releaseId}/approve", {
      params: { path: { releaseId } },
      body: { comment: "The change is small and its tests say what it does.", digests },
    }),
  );
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.next ?? ""}`);
  process.exit(2);
}

const events = client.follow("/deliveries/{tenantId}/{traceId}/{moduleId}/events", {
  params: { path: subject },
});
for await (const { event, data } of events) {
  if (event === "progress") continue;
  console.log(data.sequence, event, data.environment ?? "");
  if (event === "DeploymentCompleted" && data.releaseid === releaseId) break;
}
