"""Our schema findings and graph against cfn-lint's, place by place, in both directions."""
