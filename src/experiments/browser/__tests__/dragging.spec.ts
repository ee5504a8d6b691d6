import { describe, expect, it } from 'vitest';

import { parseDragged } from '../dragging';

describe('what is dropped onto a trial', () => {
  it('is trial components of a connection', () => {
    const dragged = { connectionId: 'local', names: ['preprocessing'] };
    expect(parseDragged(JSON.stringify(dragged))).toEqual(dragged);
  });

  it.each(['', '{', 'null', '[]', '{}', '{"connectionId":"local","names":[]}'])(
    'is nothing if it is %s',
    data => expect(parseDragged(data)).toBeNull()
  );

  it('is nothing if names are no text', () => {
    expect(parseDragged('{"connectionId":"local","names":[{}]}')).toBeNull();
  });
});
