"""Browse and edit experiments, trials and trial components: `Experiments`, `Editing`.

Other rooms use `paging.PageRequest`, the page of a list.
"""
