export {
  createDeliveryClient,
  type DeliveryClient,
  type DeliveryClientOptions,
} from "./create-delivery-client.ts";
export type { FollowOptions, StreamEvent, StreamPath } from "./follow.ts";
export { answerOf, type Problem, Refusal, type RefusalCode } from "./refusal.ts";
export type { components, operations, paths } from "./schema.d.ts";
