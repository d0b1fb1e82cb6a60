; All that rules look for in a query, found in one walk by the parser's own code.
(var) @variable
(exists_func) @exists
(not_exists_func) @exists
(minus_graph_pattern) @minus
(optional_graph_pattern) @optional
(filter) @filter
(select_clause) @select
(prefix_declaration) @prefix
(service_graph_pattern) @service
(dataset_clause) @dataset
(ask_query) @first
(limit_clause) @first
(order_clause) @all
(group_clause) @all
(aggregate) @all
(comment) @comment
