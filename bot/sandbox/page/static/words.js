// The words of the page, in the browser's language.

const WORDS = {
  "You are": "你是",
  member: "成员",
  owner: "群主",
  administrator: "管理员",
  Chats: "聊天",
  Messages: "消息",
  "Write a message": "输入消息",
  Send: "发送",
  "Attach a file": "发送文件",
  Back: "返回",
  Close: "关闭",
  Reply: "回复",
  "Cancel reply": "取消回复",
  Menu: "菜单",
  Commands: "命令",
  Results: "结果",
  Keyboard: "按钮键盘",
  START: "开始",
  "UNBLOCK AND START": "解除屏蔽并开始",
  "JOIN GROUP": "加入群组",
  bot: "机器人",
  "{n} members": "{n} 位成员",
  "{n} subscribers": "{n} 位订阅者",
  "typing…": "正在输入…",
  "sending a file…": "正在发送文件…",
  edited: "已编辑",
  "{n} unread": "{n} 条未读",
  "Pinned message": "置顶消息",
  "Go to newest": "回到最新",
  "Unread messages": "未读消息",
  "Hidden text": "隐藏文字",
  "Show more": "展开",
  "Show less": "收起",
  Photo: "图片",
  Video: "视频",
  Voice: "语音",
  Audio: "音频",
  Sticker: "贴纸",
  Animation: "动图",
  File: "文件",
  Poll: "投票",
  Place: "位置",
  Contact: "联系人",
  Album: "相册",
  "Anonymous poll": "匿名投票",
  "Public poll": "公开投票",
  "Final results": "最终结果",
  "Votes: {n}": "{n} 票",
  "No votes yet": "还没有人投票",
  Vote: "投票",
  "Retract vote": "撤回投票",
  "Forwarded from {name}": "转发自 {name}",
  "via @{name}": "来自 @{name}",
  "{name} joined the group": "{name} 加入了群组",
  "{name} left the group": "{name} 离开了群组",
  "{name} added {other}": "{name} 邀请 {other} 加入",
  "{name} pinned “{text}”": "{name} 置顶了“{text}”",
  "{name} pinned a message": "{name} 置顶了一条消息",
  "{name} changed the group name to “{text}”": "{name} 将群名改为“{text}”",
  "Topic “{text}” was opened": "话题“{text}”已创建",
  "The topic was named “{text}”": "话题改名为“{text}”",
  "The topic was closed": "话题已关闭",
  "The topic was reopened": "话题已重新打开",
  "This group became a supergroup": "本群已升级为超级群组",
  "Deleted message": "已删除的消息",
  General: "综合",
  Topics: "话题",
  "No messages here yet": "还没有消息",
  "Choose a chat": "选择一个聊天",
  "What can this bot do?": "这个机器人能做什么？",
  Copied: "已复制",
  "The bot does not answer": "机器人没有回应",
  "No other message with {tag}": "没有别的消息带有 {tag}",
  "That message is not here": "找不到那条消息",
  "That chat is not here": "沙盒里没有这个聊天",
  OK: "好",
  Cancel: "取消",
  Open: "打开",
  "Open this link?": "打开这个链接？",
  "The sandbox is gone. Trying again…": "沙盒已断开，正在重连…",
  Today: "今天",
  Yesterday: "昨天",
  Sandbox: "沙盒",
  "Behind the scenes": "幕后",
  "Open the drawer": "打开幕后面板",
  "Close the drawer": "关闭幕后面板",
  "Try it": "试一试",
  "Next day's digest arrives": "第二天的日报到了",
  "Correct today's digest": "更正今天的日报",
  "Block the bot": "屏蔽机器人",
  "Unblock the bot": "解除屏蔽",
  Flood: "限流",
  "Kill and restart the bot": "强杀并重启机器人",
  "The clock goes to the next morning, and a digest is in the archive": "时钟走到第二天早上，资料库里多了一份日报",
  "A headline in the archive is changed": "资料库里的一条标题被改动",
  "As {name}: what is sent to you is refused from now on": "以{name}的身份：之后发给你的消息会被拒绝",
  "The next {n} messages are refused: too many requests": "接下来 {n} 条消息会因“请求过多”被拒绝",
  "kill -9, then a new start: nothing may be lost": "kill -9 后重新启动：什么都不能丢",
  "API calls": "API 调用",
  "Polling is not shown": "不显示轮询",
  refused: "被拒绝",
  "No calls yet": "还没有调用",
  "A new day": "新的一天",
  "Today's digest was changed": "今天的日报改好了",
  "The bot was killed and started again": "机器人被强杀并重新启动",
  "The next messages will be refused": "接下来的消息会被拒绝",
  "You blocked the bot": "你屏蔽了机器人",
  "You unblocked the bot": "你解除了屏蔽",
};

export const chinese = (navigator.language || "en").toLowerCase().startsWith("zh");
export const tag = chinese ? "zh-CN" : "en-GB";

/** Word something; the English words are its name. */
export function t(words, values = {}) {
  const found = chinese ? WORDS[words] ?? words : words;
  return found.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

let formats = {};

/** Tell times in the sandbox's time zone, or else in the browser's. */
export function setZone(timeZone) {
  const make = (options) => new Intl.DateTimeFormat(tag, { timeZone: timeZone ?? undefined, ...options });
  formats = {
    time: make({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    second: make({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
    day: make({ month: "long", day: "numeric", weekday: "short" }),
    short: make({ month: "numeric", day: "numeric" }),
    full: make({ dateStyle: "full", timeStyle: "short" }),
  };
}

/** Write a moment, given in seconds, in one of the forms above. */
export const moment = (form, seconds) => formats[form].format(seconds * 1000);

/** Write a moment as short as its distance from now allows. */
export function whenShort(seconds, now) {
  return moment("day", seconds) === moment("day", now) ? moment("time", seconds) : moment("short", seconds);
}
