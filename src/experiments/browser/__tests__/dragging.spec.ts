import { describe, expect, it } from 'vitest';

import { draggedFrom } from '../dragging';

describe('what is dropped onto a trial', () => {
  it('is trial components of a connection', () => {
    const dragged = { connectionId: 'local', names: ['preprocessing'] };
    expect(draggedFrom(JSON.stringify(dragged))).toEqual(dragged);
  });

  it.each(['', '{', 'null', '[]', '{}', '{"connectionId":"local","names":[]}'])(
    'is nothing if it is %s',
    data => expect(draggedFrom(data)).toBeNull()
  );

  it('is nothing if names are no text', () => {
    expect(draggedFrom('{"connectionId":"local","names":[{}]}')).toBeNull();
  });
});
