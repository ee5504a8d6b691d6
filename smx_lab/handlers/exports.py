"""Trial component tables as files."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from smx_lab.contract.bodies import ExportRequest
from smx_lab.handlers.base import SmxHandler

ROW_COUNT = "Smx-Row-Count"
"""How many rows an exported file has."""


class ExportHandler(SmxHandler):
    """A table as a file."""

    @authenticated
    @authorized
    async def post(self, connection_id: str, table_id: str) -> None:
        """Send a view as a file, each piece as soon as it is made."""
        request = self.body(ExportRequest)
        export = await self.ask(
            connection_id, lambda: self.services.tables.export(connection_id, table_id, request)
        )
        self.set_header("Content-Type", export.media_type)
        self.set_header("Content-Disposition", "attachment")
        self.set_header(ROW_COUNT, str(export.row_count))
        try:
            while (piece := await self.ask(connection_id, next, export.pieces, None)) is not None:
                self.write(piece)
                # Waits until the browser has taken what was sent: a file is never held whole.
                await self.flush()
        except StreamClosedError:
            return  # the user has gone, or has stopped the export
        except Exception:  # raised again: it is answered, or at least logged, as any other
            if self._headers_written:
                # Ended in order, half a file would look like all of it.
                self.request.connection.stream.close()  # type: ignore[union-attr]
            raise
        await self.finish(set_content_type=export.media_type)
