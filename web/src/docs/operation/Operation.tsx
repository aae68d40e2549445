/** One operation of the HTTP API: what goes in, what comes out, and what is refused. */
import type { ReactNode } from "react";
import { useParams } from "react-router";

import { Answer, Outline } from "../../shared/Answer";
import page from "../../shared/Thing.module.css";
import {
  type Media,
  type OpenApi,
  operationsOf,
  type Parameter,
  type Placed,
  responseOf,
  useOpenApi,
} from "../contracts";
import { Example } from "../parts/Example";
import { FieldList, Fields } from "../parts/Fields";
import { Method } from "../parts/Method";
import { Missing } from "../parts/Missing";
import styles from "./Operation.module.css";

const PLACES = { path: "路径参数", query: "查询参数", header: "请求头", cookie: "Cookie" };
const WHO: Record<string, string> = {
  token: "登录令牌（Authorization: Bearer）",
  signature: "推送工具的签名（RFC 9421）",
};

export function Operation(): ReactNode {
  const { id } = useParams();
  const contract = useOpenApi();
  return (
    <Answer of={contract} outline={<Outline lines={14} />}>
      {(body) => {
        const found = operationsOf(body).find(({ operationId }) => operationId === id);
        return found ? <Shown operation={found} contract={body} /> : <Missing what="接口" />;
      }}
    </Answer>
  );
}

function Shown({ operation, contract }: { operation: Placed; contract: OpenApi }): ReactNode {
  const { method, path, operationId, description, parameters = [], requestBody, security } = operation;
  return (
    <article className={page.thing}>
      <title>{`${method} ${path} · 接口与事件`}</title>
      <p className={page.tags}>
        <Method of={method} />
        <code>{operationId}</code>
      </p>
      <h1 className={styles.path}>{path}</h1>
      <p lang="en">{description}</p>
      <p>身份：{whoOf(security)}</p>
      {Object.entries(PLACES).map(([place, name]) => (
        <Parameters key={place} name={name} of={parameters.filter((each) => each.in === place)} contract={contract} />
      ))}
      {requestBody && <Bodies name="请求内容" of={requestBody.content} contract={contract} />}
      <Responses operation={operation} contract={contract} />
    </article>
  );
}

/** The ways in; an empty one among them means that nobody needs to say who they are. */
function whoOf(security: Placed["security"]): string {
  const ways = security.flatMap((each) => Object.keys(each)).map((name) => WHO[name] ?? name);
  if (ways.length === 0) return "无需登录";
  const open = security.some((each) => Object.keys(each).length === 0);
  return ways.join("，或") + (open ? "；也可不登录" : "");
}

function Parameters({ name, of, contract }: { name: string; of: Parameter[]; contract: OpenApi }): ReactNode {
  if (of.length === 0) return null;
  const fields = of.map(({ name, schema, required, description }) => ({
    name,
    required,
    schema: description === undefined ? schema : { ...schema, description },
  }));
  return (
    <section>
      <h2>{name}</h2>
      <FieldList fields={fields} schemas={contract.components.schemas} />
    </section>
  );
}

function Bodies({ name, of, contract }: { name: string; of: Record<string, Media>; contract: OpenApi }): ReactNode {
  return Object.entries(of).map(([type, { schema, example, examples = {} }]) => (
    <section key={type} className={styles.body}>
      <h2>
        {name} <small>{type}</small>
      </h2>
      <Fields of={schema} schemas={contract.components.schemas} />
      {example !== undefined && <Example label={`${name}示例`} value={example} />}
      {Object.entries(examples).map(([title, { value }]) => (
        <Example key={title} label={`${name}示例 ${title}`} value={value} />
      ))}
    </section>
  ));
}

function Responses({ operation, contract }: { operation: Placed; contract: OpenApi }): ReactNode {
  const all = Object.entries(operation.responses).flatMap(([status, each]) => {
    const response = responseOf(contract, each);
    return response ? [{ status, ...response }] : [];
  });
  const refusals = all.filter(({ status }) => status >= "4");
  return (
    <>
      {all
        .filter(({ status }) => status < "4")
        .map(({ status, description, content }) =>
          content ? (
            <Bodies key={status} name={`应答 ${status}`} of={content} contract={contract} />
          ) : (
            <p key={status}>
              应答 {status} <span lang="en">{description}</span>
            </p>
          ),
        )}
      <section>
        <h2>拒绝</h2>
        <ul className={styles.refusals}>
          {refusals.map(({ status, description }) => (
            <li key={status}>
              <code>{status}</code> <span lang="en">{description}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
