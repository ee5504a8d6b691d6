"""Export trial component tables as files."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from smx_lab.contract.bodies import ExportRequest
from smx_lab.handlers.base import SmxHandler

ROW_COUNT = "Smx-Row-Count"
"""The header with the number of rows in an exported file."""


class ExportHandler(SmxHandler):
    """The export of a table."""

    @authenticated
    @authorized
    async def post(self, connection_id: str, table_id: str) -> None:
        """Send a view as a file, each piece as soon as it has been written."""
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
                # Wait until the browser has received the piece, so that no file is in memory whole.
                await self.flush()
        except StreamClosedError:
            return  # the user has closed the page or stopped the export
        except Exception:  # raised again, and sent or logged like any other error
            if self._headers_written:
                # If the response ended normally, half a file would look like a whole one.
                self.request.connection.stream.close()  # type: ignore[union-attr]
            raise
        await self.finish(set_content_type=export.media_type)
