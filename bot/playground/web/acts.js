// What the page asks the playground to do. A refusal is an Error whose message is a sentence for the person.

export async function act(what, fields = {}) {
  let response;
  try {
    response = await fetch("/acts", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ do: what, ...fields }),
    });
  } catch {
    throw new Error("The playground does not answer.");
  }
  const answer = await response.json().catch(() => ({ error: "The playground refused." }));
  if (!answer.ok) throw new Error(answer.error);
}
