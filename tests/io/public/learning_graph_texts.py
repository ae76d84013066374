"""A small learning graph, as one file and as two tables."""

from __future__ import annotations

GRAPH = """\
ConceptID,ConceptLabel,Dependencies,TaxonomyID
1,Number,,FOUND
2,Variable,1,FOUND
3,"Loop, counted",1|2,CTRL
4,Comment,,
"""
ELEMENTS = """\
id,title,group,level,group_title
1,Number,FOUND,,
2,Variable,FOUND,,
3,"Loop, counted",CTRL,,
4,Comment,,,
"""
EDGES = """\
source,target
1,2
1,3
2,3
1,3
"""
