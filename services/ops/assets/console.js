// What the console's pages do beyond reading: buttons, live numbers, times of the reader's own zone.

const formToken = document.querySelector('meta[name="form-token"]')?.content ?? '';
const said = document.getElementById('said');

const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

function showTimes(root) {
  for (const element of root.querySelectorAll('time[datetime]')) {
    element.title = element.dateTime;
    element.textContent = times.format(new Date(element.dateTime));
  }
}

function say(text) {
  said.textContent = text;
}

/** The fields of a form as the admin API wants them: empty ones are left out, `x[]` are lists, days end in UTC. */
function bodyOf(form) {
  const body = {};
  for (const element of form.elements) {
    const { name, type, value, checked } = element;
    if (name === '' || value === '' || (type === 'checkbox' && !checked)) {
      continue;
    }
    if (name.endsWith('[]')) {
      const list = name.slice(0, -2);
      body[list] = [...(body[list] ?? []), value];
    } else {
      body[name] =
        type === 'number' ? Number(value) : type === 'date' ? `${value}T23:59:59Z` : value;
    }
  }
  return Object.keys(body).length === 0 ? undefined : JSON.stringify(body);
}

async function send(form) {
  const { call, method, key, confirm: question, show, save } = form.dataset;
  if (question !== undefined && !window.confirm(question)) {
    return;
  }
  const body = bodyOf(form);
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const response = await fetch(call, {
      method,
      headers: {
        'x-form-token': formToken,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body }),
    });
    const answer = await response.json();
    if (response.status === 401) {
      window.location.assign(`/login?to=${encodeURIComponent(window.location.pathname)}`);
    } else if (!response.ok) {
      say(answer.detail ?? answer.title);
    } else if (save !== undefined) {
      saveAs(save, answer);
      form.reset();
      say(`Saved as ${save}`);
    } else {
      if (key !== undefined) {
        // What is asked for next is another thing, though this page may stay as it is.
        form.dataset.key = crypto.randomUUID();
      }
      const shown = show === undefined ? undefined : answer[show];
      say(shown === undefined ? `Done: ${answer.status ?? button.textContent}` : sayOnce(shown));
      form.reset();
      form.closest('details')?.removeAttribute('open');
      document.activeElement?.blur();
      await refresh();
      setTimeout(refresh, 1_500);
    }
  } catch {
    say(
      show === undefined
        ? 'The console did not answer. Press again: it is safe.'
        : 'The console did not answer. Look at the list before you press again.',
    );
  } finally {
    button.disabled = false;
  }
}

function saveAs(name, answer) {
  const blob = new Blob([JSON.stringify(answer, null, 2)], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function sayOnce(secret) {
  const text = secret.startsWith('/') ? `${window.location.origin}${secret}` : secret;
  return `Shown this once: ${text}`;
}

/** Whether somebody has opened or changed something that a new page would take from them. */
function isInUse(main) {
  const fields = [...main.querySelectorAll('form.call input, form.call select')];
  return (
    main.querySelector('details[open]') !== null ||
    fields.includes(document.activeElement) ||
    fields.some((field) =>
      field.type === 'checkbox' ? field.checked !== field.defaultChecked : isChanged(field),
    )
  );
}

function isChanged(field) {
  return field.matches('select')
    ? [...field.options].some((option) => option.selected !== option.defaultSelected)
    : field.value !== field.defaultValue;
}

/** The page as it is now, in place: what is being filled in stays. */
async function refresh() {
  const main = document.getElementById('main');
  if (isInUse(main)) {
    return;
  }
  const response = await fetch(window.location.href, { headers: { accept: 'text/html' } });
  const text = await response.text();
  // Whoever began something while it was fetched keeps it.
  if (response.ok && !response.redirected && !isInUse(main)) {
    const page = new DOMParser().parseFromString(text, 'text/html');
    main.replaceChildren(...page.getElementById('main').childNodes);
    showTimes(main);
    follow();
  }
}

let stream;

/** Live numbers, for as long as the page shows any. */
function follow() {
  const wanted = document.querySelector('[data-stream]')?.dataset.stream;
  if (wanted === undefined || stream !== undefined) {
    showState();
    return;
  }
  stream = new EventSource(wanted);
  stream.addEventListener('figures', (event) => {
    for (const [name, value] of Object.entries(JSON.parse(event.data))) {
      const element = document.querySelector(`[data-live="${name}"]`);
      if (element !== null) {
        element.textContent = value;
      }
    }
    showState();
  });
  stream.addEventListener('error', showState);
}

function showState() {
  const state = document.getElementById('live');
  if (state !== null) {
    const isOpen = stream?.readyState === EventSource.OPEN;
    state.textContent = isOpen ? 'connected' : 'not connected';
    state.className = isOpen ? 'badge good' : 'badge';
  }
}

document.addEventListener('submit', (event) => {
  if (event.target.matches('form.call')) {
    event.preventDefault();
    void send(event.target);
  }
});

document.addEventListener('keydown', (event) => {
  const isTyping = event.target.matches('input, select, textarea');
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.querySelector('header input[type="search"]').focus();
  }
  if (event.key === 'Escape') {
    say('');
    for (const open of document.querySelectorAll('details.me[open]')) {
      open.open = false;
    }
  }
});

showTimes(document);
follow();
