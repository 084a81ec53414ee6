"""The annotation page: a store of answers, the server that hands out tasks and takes answers, and the export."""
